import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readPagerdutyChange } from "../../server/adapters/pagerduty-change.ts";
import { detectFormat } from "../../server/adapters/registry.ts";
import { alertOf, read } from "./fixture-records.ts";

const folder = resolve(import.meta.dirname, "../..", process.env.QUIETWATCH_SAMPLES_DIR ?? "../shared/data");

interface Sample {
  file?: string;
  path?: string;
  name: string;
  payload: Record<string, unknown>;
}

function samplesOf(file: string): Sample[] {
  const lines = readFileSync(resolve(folder, file), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Sample => JSON.parse(line));
}

describe("real samples of services that are stood in for", () => {
  beforeEach((context) => {
    context.skip(!existsSync(folder), "QUIETWATCH_SAMPLES_DIR names no folder of samples");
  });

  test("PagerDuty's example event is recognised and taken", () => {
    const events = samplesOf("pagerduty/events_v2_examples.ndjson").filter(
      ({ payload }) => "event_action" in payload,
    );
    expect(events.map(({ payload }) => detectFormat(payload))).toEqual(["pagerduty"]);
    const [alert] = events.map(({ payload }) => alertOf(read("pagerduty", payload)));
    expect(alert).toMatchObject({ rule: "disk", severity: "critical", dedupKey: "pagerduty|srv01/mysql" });
    expect(alert?.occurredAt).toBe("2015-07-17T08:42:58.315Z");
  });

  test("PagerDuty's example changes are changes", () => {
    const events = samplesOf("pagerduty/events_v2_examples.ndjson").filter(({ path }) =>
      path?.includes("change"),
    );
    const changes = events.map(({ payload }) => readPagerdutyChange(payload));
    expect(changes).toMatchObject([
      { title: expect.stringContaining("Build Success"), details: { build_number: "220" } },
      { title: "Merge Pull Request", source: "git", startsAt: "2015-07-17T08:42:58.315Z" },
    ]);
  });

  test("every alert of Alerta's own tests is recognised, taken, and correlates as there", () => {
    const alerts = samplesOf("alerta/alert_payloads.ndjson").filter(
      ({ name, payload }) => /_al(?:ert|arm)/.test(name) && "event" in payload,
    );
    expect(alerts.length).toBeGreaterThan(40);
    // Their resources and lists are expressions in places.
    const plain = alerts.map(({ payload }) => ({
      ...payload,
      resource: typeof payload.resource === "string" ? payload.resource : "node404",
    }));
    expect(new Set(plain.map(detectFormat))).toEqual(new Set(["alerta"]));
    const taken = plain.map((payload) => alertOf(read("alerta", payload)));
    const marginal = taken.filter(
      ({ dedupKey }) => dedupKey === "alerta|Production||node404|node_down|node_marginal|node_up",
    );
    expect(new Set(marginal.map(({ rule }) => rule))).toEqual(
      new Set(["node_down", "node_marginal", "node_up"]),
    );
    const over = marginal.filter(({ status }) => status === "resolved");
    expect(new Set(over.map(({ hints }) => hints?.nativeSeverity))).toEqual(
      new Set(["normal", "ok", "cleared"]),
    );
  });
});
