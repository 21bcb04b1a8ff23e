import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [slow, certificate, odd, closed] = fixtureAlerts("opsgenie", "opsgenie/alerts.ndjson");
const alertWith = (fields: object) => alertOf(read("opsgenie", { message: "m", ...fields }));

describe("an alert of Opsgenie", () => {
  test("becomes an alert of what the tool behind it calls it", () => {
    expect(slow).toEqual({
      source: "opsgenie",
      rule: "SlowAnswers",
      title: "Payments answer slowly",
      severity: "critical",
      environment: "prod",
      service: "payments",
      status: "firing",
      dedupKey: "opsgenie|payments/latency",
      entities: [{ type: "host", value: "pay-1.example.com", role: "target" }],
      labels: {
        alias: "payments/latency",
        entity: "pay-1.example.com",
        source: "grafana.example.com",
        tags: "latency, critical-path",
        responders: "Payments, ana@example.com",
        user: "robot",
        actions: "Restart",
        environment: "prod",
        service: "payments",
        alertname: "SlowAnswers",
        instance: "pay-1.example.com:9100",
        dashboard: "https://grafana.example.com/d/1",
      },
      description: "p99 over 4 s for 10 minutes\n\nThird time this week",
      links: [{ href: "https://grafana.example.com/d/1", text: "dashboard" }],
      hints: { nativeSeverity: "P1" },
    });
  });

  test("that is closed has the identity of its alias and describes nothing", () => {
    expect(closed).toMatchObject({ dedupKey: slow?.dedupKey, status: "resolved", severity: "info" });
    expect(closed?.hints?.onlyEnds).toBe(true);
  });

  test("without an alias is known by its message", () => {
    expect(certificate).toMatchObject({ rule: "A certificate ends in 3 days", severity: "low" });
    expect(certificate).not.toHaveProperty("dedupKey");
    expect(odd).toMatchObject({ rule: "192.0.2.9", severity: "medium" });
  });

  test("has the identity of its alias whatever else it says", () => {
    const keys = [{ message: "other" }, { priority: "P2" }, { entity: "e" }].map(
      (fields) => alertWith({ alias: "a", ...fields }).dedupKey,
    );
    expect(new Set(keys)).toEqual(new Set(["opsgenie|a"]));
  });

  test.each([
    ["P1", "critical"],
    ["P2", "high"],
    ["P3", "medium"],
    ["P4", "low"],
    ["P5", "info"],
    [undefined, "medium"],
    ["P9", "medium"],
  ])("of priority %s is %s", (priority, severity) => {
    expect(alertWith({ priority }).severity).toBe(severity);
  });

  test.each([
    [{}, "message: is required"],
    [{ action: "close" }, "alias: is required to close"],
  ])("%j is rejected", (record, message) => {
    expect(rejectOf(read("opsgenie", record))).toEqual({ code: "invalid_alert", message });
  });
});
