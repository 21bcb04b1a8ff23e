import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const path = "elastic/documents.ndjson";
const [flat, closed, fields, beacon, otherBeacon, cpu, cpuWell, disk, malware, carried] = fixtureAlerts(
  "elastic",
  path,
);
const documents = fixtureRecords(path);
const doc = (change: object) =>
  alertOf(
    read("elastic", {
      "@timestamp": "2026-11-23T12:00:00Z",
      "kibana.alert.rule.uuid": "r-1",
      "kibana.alert.rule.name": "Rule",
      "kibana.alert.uuid": "u-1",
      ...change,
    }),
  );
const ecs = (event: object, more: object = {}) =>
  alertOf(
    read("elastic", { "@timestamp": "2026-11-23T12:00:00Z", event: { kind: "alert", ...event }, ...more }),
  );

describe("a document of Elastic Security", () => {
  test("tells rule, severity, techniques, place and links", () => {
    expect(flat).toMatchObject({
      source: "elastic",
      rule: "0f5c0c2e-1111-4000-8000-000000000001",
      title: "Invented credential dump",
      severity: "critical",
      status: "firing",
      environment: "production",
      service: "payroll",
      occurredAt: "2026-11-23T11:58:31.250Z",
      techniques: ["T1003", "T1003.001"],
      hints: { nativeSeverity: "critical", instanceKey: "5b6f0d1e9a", heartbeatKey: "elastic|5b6f0d1e9a" },
    });
    expect(flat?.entities).toEqual([
      { type: "host", value: "desk-9", role: "target" },
      { type: "user", value: "ana", role: "target" },
      { type: "process", value: "C:\\Windows\\System32\\rundll32.exe", role: "actor" },
      { type: "process", value: "rundll32.exe", role: "actor" },
      { type: "ip", value: "192.0.2.19", role: "target" },
    ]);
    expect(flat?.links).toEqual([
      { href: "https://kibana.example.com/app/security/alerts/redirect/5b6f0d1e9a", text: "Kibana" },
      { href: "https://rules.example.com/dump", text: "Reference" },
    ]);
    expect(flat?.description).toMatch(/^process event .*\nFinds an .*\nFalse positive: Backup software$/);
  });

  test("is the same nested or flat, and resolved when it was closed", () => {
    expect(closed).toMatchObject({
      status: "resolved",
      dedupKey: flat?.dedupKey,
      hints: { instanceKey: "5b6f0d1e9a" },
    });
  });

  test("is told apart by what its rule groups by, and else by machine and subject", () => {
    expect(fields).toMatchObject({
      dedupKey: "elastic||c0ffee00-1111-4000-8000-000000000002|by|user.name|ben",
      severity: "medium",
      techniques: ["T1110"],
      hints: { nativeSeverity: "risk 47" },
    });
    expect(fields?.entities).toContainEqual({ type: "account", value: "000000000000", role: "target" });
    expect(beacon?.dedupKey).not.toBe(otherBeacon?.dedupKey);
    const key = (change: object) =>
      doc({ host: { name: "web-1" }, user: { name: "ana" }, ...change }).dedupKey;
    expect(key({ "kibana.alert.uuid": "u-2", "@timestamp": "2026-11-24T12:00:00Z", message: "x" })).toBe(
      key({}),
    );
    expect(key({ user: { name: "ben" } })).not.toBe(key({}));
    expect(key({ "kibana.alert.suppression.terms": [{ field: "host.name", value: "web-1" }] })).not.toBe(
      key({}),
    );
    expect(key({ "kibana.alert.instance.id": "*" })).toBe(key({}));
  });

  test.each([
    [{ "kibana.alert.severity": "low", "kibana.alert.risk_score": 99 }, "low", "low"],
    [{ "kibana.alert.risk_score": 73.5 }, "high", "risk 73.5"],
    [{ "kibana.alert.risk_score": 21 }, "low", "risk 21"],
    [{}, "medium", undefined],
  ])("with %j is %s", (change, severity, native) => {
    expect(doc(change)).toMatchObject({ severity });
    expect(doc(change).hints?.nativeSeverity).toBe(native);
  });

  test("inside an envelope that names no rule is rejected", () => {
    expect(rejectOf(read("elastic", { alerts: [{ message: "x" }] })).code).toBe("invalid_alert");
  });
});

describe("the body of a rule's connector", () => {
  test("is one alert for each that is listed, whatever became of it", () => {
    expect([beacon?.title, otherBeacon?.title]).toEqual(["Invented beacon", "Invented beacon"]);
    expect(cpu).toMatchObject({ status: "firing", hints: { instanceKey: "m-1" } });
    expect(cpuWell).toMatchObject({ status: "resolved", hints: { instanceKey: "m-0" } });
    expect(cpu?.dedupKey).toBe("elastic||c0ffee00-1111-4000-8000-000000000004|by|web-1");
  });

  test("may be the variables of one alert", () => {
    expect(disk).toMatchObject({
      rule: "c0ffee00-1111-4000-8000-000000000005",
      title: "Disk low",
      status: "resolved",
      dedupKey: "elastic|default|c0ffee00-1111-4000-8000-000000000005|by|db-1",
      description: "db-1 is well again",
    });
  });
});

describe("an ECS event of kind alert", () => {
  test("has its rule within the module that read it, and a risk as severity", () => {
    expect(malware).toMatchObject({
      rule: "endpoint:mf-12",
      title: "Malicious file",
      severity: "high",
      techniques: ["T1204", "T1204.002"],
      dedupKey: "elastic||endpoint:mf-12|desk-4||file.path|/tmp/invoice.pdf.exe",
      hints: { nativeSeverity: "73" },
    });
    expect(malware?.hints).not.toHaveProperty("instanceKey");
    expect(malware?.entities).toContainEqual({ type: "hash", value: "a".repeat(64), role: "target" });
  });

  test("with a number on its source's own scale is medium", () => {
    expect(ecs({ module: "other", severity: 3 }, { rule: { id: "1" } })).toMatchObject({
      severity: "medium",
      hints: { nativeSeverity: "3" },
    });
  });

  test("of Suricata is Suricata's, in the group it would have had directly", () => {
    const [direct] = fixtureAlerts("suricata", "suricata/eve.ndjson");
    expect(carried).toMatchObject({
      source: "suricata",
      rule: direct?.rule,
      dedupKey: direct?.dedupKey,
      severity: direct?.severity,
    });
    expect(carried?.entities).toContainEqual({ type: "host", value: "sensor-1", role: "observer" });
    expect(documents).toHaveLength(8);
  });
});
