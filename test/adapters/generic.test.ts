import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [sigma, keep, theHive, goAlert, syslog, event, ecs, hostile] = fixtureAlerts(
  "generic",
  "generic/records.ndjson",
);
const severityOf = (record: object) => alertOf(read("generic", { title: "t", ...record })).severity;

describe("a record of no known format", () => {
  test("in Sigma's words keeps rule, level, product and techniques", () => {
    expect(sigma).toMatchObject({
      source: "linux",
      rule: "3f1a9c1e-0000-4000-8000-0123456789ab",
      title: "Suspicious shell",
      severity: "high",
      occurredAt: "2026-11-23T11:00:00.000Z",
      techniques: ["T1059.004"],
      entities: [{ type: "host", value: "web-1", role: "target" }],
      labels: { tags: "attack.t1059.004, attack.execution, tlp.amber" },
      hints: { nativeSeverity: "high" },
    });
  });

  test("in Sigma's words says what raises it wrongly, and where the rule comes from", () => {
    const rule = {
      title: "Odd shell",
      id: "s-1",
      status: "stable",
      level: "critical",
      logsource: { product: "windows" },
      description: "A shell nobody uses.",
      falsepositives: ["Administrators", "Installers"],
      references: ["https://rules.example.com/s-1", "javascript:alert(1)"],
      tags: ["attack.t1059.001", "cve.2021-44228"],
    };
    const expected = {
      source: "windows",
      rule: "s-1",
      title: "Odd shell",
      severity: "critical",
      techniques: ["T1059.001"],
      labels: { tags: "attack.t1059.001, cve.2021-44228" },
      description: "A shell nobody uses.\nFalse positive: Administrators\nFalse positive: Installers",
      links: [{ href: "https://rules.example.com/s-1", text: "Rule" }],
      hints: { nativeSeverity: "critical" },
    };
    expect(alertOf(read("generic", rule))).toMatchObject(expected);
    expect(alertOf(read("generic", { rule, hostname: "desk-1" }))).toMatchObject(expected);
    expect(alertOf(read("generic", { sigma: rule, message: "found it" }))).toMatchObject(expected);
  });

  test.each([
    ["critical", "experimental", "high", "critical (experimental)"],
    ["high", "experimental", "medium", "high (experimental)"],
    ["low", "Experimental", "info", "low (experimental)"],
    ["informational", "experimental", "info", "informational (experimental)"],
    ["high", "deprecated", "medium", "high (deprecated)"],
    ["high", "unsupported", "medium", "high (unsupported)"],
    ["high", "test", "high", "high"],
    ["medium", "stable", "medium", "medium"],
    ["high", undefined, "high", "high"],
    ["odd", "experimental", "medium", "odd (experimental)"],
  ])("of a Sigma rule of level %s that is %s is %s", (level, status, severity, native) => {
    const sigma = alertOf(read("generic", { title: "t", level, status, logsource: {} }));
    expect(sigma).toMatchObject({ severity, hints: { nativeSeverity: native } });
  });

  test("of Zircolite is one in Sigma's words", () => {
    const finding = {
      title: "t",
      id: "z-1",
      rule_level: "high",
      tags: ["attack.t1021"],
      count: 2,
      matches: [{}],
    };
    expect(alertOf(read("generic", finding))).toMatchObject({
      rule: "z-1",
      severity: "high",
      techniques: ["T1021"],
    });
  });

  test("in Keep's words keeps source, service and fingerprint", () => {
    expect(keep).toMatchObject({
      source: "grafana",
      rule: "Pod restarts",
      severity: "medium",
      environment: "production",
      service: "shop",
      dedupKey: "generic|grafana|f00d",
      description: "9 restarts",
      links: [{ href: "https://keep.example.com/a" }],
      hints: { instanceKey: "f00d" },
    });
  });

  test("in TheHive's words counts 4 as the worst and reads milliseconds", () => {
    expect(theHive).toMatchObject({ source: "mail-gate", rule: "external", severity: "high" });
    expect(theHive?.occurredAt).toBe("2026-11-23T12:00:00.000Z");
    expect(theHive).not.toHaveProperty("dedupKey");
  });

  test("that closes is resolved", () => {
    expect(goAlert).toMatchObject({
      status: "resolved",
      dedupKey: "generic|generic|disk/db-3",
      severity: "medium",
    });
    expect(goAlert?.description).toBe("on db-3");
  });

  test("in syslog's words counts 0 as the worst, and an address as host is an address", () => {
    expect(syslog).toMatchObject({ severity: "critical", service: "kernel" });
    expect(syslog?.entities).toEqual([{ type: "ip", value: "192.0.2.31", role: "target" }]);
  });

  test("of an unknown severity is medium, with the word beside it", () => {
    expect(event).toMatchObject({ title: "login", severity: "medium", hints: { nativeSeverity: "weird" } });
    expect(event?.entities).toEqual([
      { type: "user", value: "ana", role: "target" },
      { type: "ip", value: "203.0.113.7", role: "actor" },
      { type: "ip", value: "192.0.2.20", role: "target" },
    ]);
  });

  test("takes names from objects", () => {
    expect(ecs).toMatchObject({ rule: "macro", title: "=cmd|' /C calc'!A0", severity: "critical" });
    expect(ecs?.entities).toEqual([{ type: "host", value: "desk-9", role: "target" }]);
  });

  test("is cut to the limits, and a script is no link", () => {
    expect(hostile?.title).toHaveLength(1_024);
    expect(hostile?.rule).toHaveLength(512);
    expect(hostile?.labels).toEqual({ [`${"k".repeat(63)}…`]: `${"v".repeat(255)}…` });
    expect(hostile).not.toHaveProperty("links");
  });

  test.each([
    [{ severity: 0 }, "critical"],
    [{ severity: "3" }, "high"],
    [{ level: 4 }, "medium"],
    [{ level: 5 }, "low"],
    [{ level: 7 }, "info"],
    [{ severity: 9 }, "medium"],
    [{ severity: 6.5 }, "medium"],
    [{ priority: 50 }, "high"],
    [{ severity: 4, tlp: 1, pap: 1 }, "critical"],
    [{ severity: "??", priority: "P1" }, "critical"],
    [{ severity: "" }, "medium"],
    [{}, "medium"],
  ])("with %j is %s", (record, severity) => {
    expect(severityOf(record)).toBe(severity);
  });

  test("without a zone in its time has none", () => {
    expect(alertOf(read("generic", { title: "t", time: "2026-11-23 12:00:00" }))).not.toHaveProperty(
      "occurredAt",
    );
  });

  test.each([[{}], [{ severity: "high", host: "web-1" }], [{ title: "  ", name: null, event: [] }]])(
    "%j without a title is rejected with what was looked for",
    (record) => {
      expect(rejectOf(read("generic", record))).toEqual({
        code: "invalid_alert",
        message:
          "title: none of title, name, summary, message, msg, event, alertname, description holds text",
      });
    },
  );
});
