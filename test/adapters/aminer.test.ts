import { describe, expect, test } from "vitest";
import { aminerSeverity } from "../../server/adapters/aminer.ts";
import { fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const alerts = fixtureAlerts("aminer", "aminer/anomalies.ndjson");

describe("an AMiner anomaly", () => {
  test("becomes an alert of its component about its machine", () => {
    expect(alerts[0]).toEqual({
      source: "aminer",
      rule: "AMiner: New event type.",
      title: "New event type",
      severity: "low",
      occurredAt: "2026-11-23T12:00:00.000Z",
      dedupKey: "aminer|AMiner: New event type.|192.0.2.30|/model/su",
      entities: [{ type: "ip", value: "192.0.2.30", role: "target" }],
      labels: {
        component: "NewMatchPathDetector",
        log: "/var/log/app.log",
        paths: "/model/su, /model/su/user",
      },
      description: "New path(es) detected\nNov 23 12:00:00 db-3 su: + ana",
    });
  });

  test("folds over values and lines, and keeps new kinds of line apart", () => {
    expect(alerts[1]?.dedupKey).toBe(alerts[0]?.dedupKey);
    expect(alerts[2]?.dedupKey).not.toBe(alerts[0]?.dedupKey);
  });

  test("takes times with a fraction of a second", () => {
    expect(alerts[1]?.occurredAt).toBe("2026-11-23T12:00:05.250Z");
  });

  test("names addresses among the values, also in lists of lists", () => {
    expect(alerts[4]?.entities).toEqual([
      { type: "host", value: "dns-1", role: "target" },
      { type: "ip", value: "198.51.100.9", role: "actor" },
    ]);
    expect(alerts[5]?.entities).toContainEqual({ type: "ip", value: "192.0.2.77", role: "actor" });
    expect(alerts[4]?.labels?.learning).toBe("true");
  });

  test("without paths keeps its lines as text", () => {
    expect(alerts[5]?.description).toContain("=cmd|' /C calc'!A0\n<b>two</b> \u202e");
  });

  test.each([
    ["EntropyDetector", "medium"],
    ["CharsetDetector", "medium"],
    ["AllowlistViolationDetector", "medium"],
    ["NewMatchPathValueDetector", "low"],
    ["EventCountClusterDetector", "low"],
    [undefined, "low"],
  ])("of component %s is %s", (type, severity) => {
    expect(aminerSeverity(type)).toBe(severity);
  });

  test("without a component's name is rejected", () => {
    expect(rejectOf(read("aminer", { AnalysisComponent: {}, LogData: {} }))).toEqual({
      code: "invalid_alert",
      message: "AnalysisComponent.AnalysisComponentName: is required in an AMiner alert",
    });
  });
});
