import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import { fieldAt, textAt } from "../../server/adapters/text-field.ts";
import { alertOf, read } from "./fixture-records.ts";

const folder = resolve(import.meta.dirname, "../..", process.env.QUIETWATCH_SAMPLES_DIR ?? "../shared/data");
const textOf = (file: string) => readFileSync(resolve(folder, file), "utf8");

function holdsReports(body: unknown): boolean {
  const data = fieldAt(body, "data");
  return textAt(Array.isArray(data) ? data[0] : data, "type") === "report";
}

/** Every kind of vulnerability of the taxonomy that has a priority, by its dotted id. */
function kindsIn(node: unknown, above: readonly string[] = []): { id: string; priority: number }[] {
  const path = [...above, textAt(node, "id") ?? ""];
  const children = fieldAt(node, "children");
  if (Array.isArray(children)) return children.flatMap((child) => kindsIn(child, path));
  const priority = Number(textAt(node, "priority") ?? 0);
  return priority > 0 ? [{ id: path.join("."), priority }] : [];
}

describe("real samples", () => {
  beforeEach((context) => {
    context.skip(!existsSync(folder), "QUIETWATCH_SAMPLES_DIR names no folder of samples");
  });

  test("every answer of HackerOne's API that holds reports is recognised and read", () => {
    const lines = textOf("hackerone/api_objects.ndjson").trim().split("\n");
    const bodies = lines.map((line): unknown => fieldAt(JSON.parse(line), "body"));
    const holding = bodies.filter(holdsReports);
    expect(holding.map(detectFormat)).toEqual(holding.map(() => "hackerone"));
    const others = bodies.filter((body) => !holdsReports(body)).map(detectFormat);
    expect(others.filter((format) => format !== null && format !== "hackerone")).toEqual([]);
    const alerts = holding.flatMap((body) => read("hackerone", body)).map((reading) => alertOf([reading]));
    expect(alerts.length).toBeGreaterThan(20);
    expect(alerts.filter(({ occurredAt, links }) => !occurredAt || !links)).toEqual([]);
    expect(new Set(alerts.map(({ severity }) => severity)).size).toBeGreaterThanOrEqual(4);
  });

  test("every kind of Bugcrowd's taxonomy is a rule, P1 the worst", () => {
    const taxonomy: unknown = JSON.parse(textOf("bugcrowd/vulnerability-rating-taxonomy.json"));
    const content = fieldAt(taxonomy, "content");
    const kinds = (Array.isArray(content) ? content : []).flatMap((node: unknown) => kindsIn(node));
    expect(kinds.length).toBeGreaterThan(150);
    const severities = ["critical", "high", "medium", "low", "info"];
    for (const { id, priority } of kinds) {
      const attributes = { title: "t", state: "new", vrt_id: id, severity: priority };
      const sent = { data: { type: "submission", id: "s", attributes } };
      expect(detectFormat(sent)).toBe("bugcrowd");
      expect(alertOf(read("bugcrowd", sent))).toMatchObject({ rule: id, severity: severities[priority - 1] });
    }
  });
});
