import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [created, updated, closed, login, unsorted, hub, hubDevice] = fixtureAlerts(
  "ocsf",
  "ocsf/findings.ndjson",
);
const finding = (change: object, info: object = {}) =>
  alertOf(
    read("ocsf", {
      class_uid: 2004,
      activity_id: 1,
      finding_info: { uid: "u", title: "t", analytic: { uid: "a" }, ...info },
      ...change,
    }),
  );

describe("a detection finding", () => {
  test("tells product, analytic, severity, place, techniques and links", () => {
    expect(created).toMatchObject({
      source: "ocsf",
      rule: "Example EDR: an-77",
      title: "Invented ransom note written",
      severity: "high",
      status: "firing",
      environment: "production",
      service: "files",
      occurredAt: "2026-11-23T12:00:00.123Z",
      techniques: ["T1486"],
      description: "A file like a ransom note.\nIsolate the machine.",
      labels: { account_name: "files-prod", region: "eu-west-1" },
      hints: { nativeSeverity: "High", instanceKey: "Example EDR|f-1" },
    });
    expect(created?.links).toEqual([
      { href: "https://edr.example.com/f/f-1", text: "Finding" },
      { href: "https://run.example.com/ransom", text: "Remediation" },
    ]);
  });

  test("names who acted, what was hit and what was observed", () => {
    expect(created?.entities).toEqual([
      { type: "host", value: "i-0aa", role: "target" },
      { type: "account", value: "000000000000", role: "target" },
      { type: "ip", value: "203.0.113.9", role: "actor" },
      { type: "ip", value: "192.0.2.40", role: "target" },
      { type: "host", value: "files-1", role: "target" },
      { type: "user", value: "ana", role: "actor" },
      { type: "process", value: "note.exe", role: "actor" },
      { type: "file", value: "C:\\share\\README.txt", role: "target" },
      { type: "hash", value: "b".repeat(64), role: "target" },
      { type: "url", value: "https://pay.example.net/", role: "actor" },
      { type: "email", value: "ana@example.com", role: "target" },
    ]);
  });

  test("is one group while it is updated, until it is closed", () => {
    expect(updated).toMatchObject({ dedupKey: created?.dedupKey, hints: created?.hints, status: "firing" });
    expect(closed).toMatchObject({ dedupKey: created?.dedupKey, status: "resolved" });
    expect(closed?.hints?.instanceKey).toBe(created?.hints?.instanceKey);
  });

  test("has its group by analytic and resources, never by uid, title or time", () => {
    const resources = [{ uid: "r-1" }];
    const key = (change: object, info: object = {}) => finding({ resources, ...change }, info).dedupKey;
    expect(key({ time: 1 }, { uid: "other", title: "Other" })).toBe(key({}));
    expect(key({ resources: [{ uid: "r-2" }] })).not.toBe(key({}));
    expect(key({}, { analytic: { uid: "b" } })).not.toBe(key({}));
    expect(key({ metadata: { product: { name: "Other" } } })).not.toBe(key({}));
    expect(key({ cloud: { account: { uid: "1" } } })).not.toBe(key({}));
  });

  test("that names no resource or no analytic is told by its subject, else by its uid", () => {
    expect(login).toMatchObject({ rule: "Example EDR: UEBA", dedupKey: "ocsf|Example EDR||UEBA|u-2" });
    expect(unsorted?.dedupKey).toBe("ocsf|Example EDR|||uid|f-3|");
    expect(hubDevice?.dedupKey).toBe("ocsf|Example EDR||an-77|desk-3");
  });

  test.each([
    [{ severity_id: 0 }, "info"],
    [{ severity_id: 1 }, "info"],
    [{ severity_id: 2 }, "low"],
    [{ severity_id: 3 }, "medium"],
    [{ severity_id: 4 }, "high"],
    [{ severity_id: 5 }, "critical"],
    [{ severity_id: 6 }, "critical"],
    [{ severity_id: 99, severity: "Severe" }, "high"],
    [{ severity_id: "constructor" }, "medium"],
    [{}, "medium"],
  ])("with %j is %s", (change, severity) => {
    expect(finding(change).severity).toBe(severity);
  });

  test.each([
    [{ activity_id: 3 }, "resolved"],
    [{ status_id: 4 }, "resolved"],
    [{ status_id: 5 }, "resolved"],
    [{ status_id: 3 }, "firing"],
    [{ status_id: 2, activity_id: 2 }, "firing"],
  ])("with %j is %s", (change, status) => {
    expect(finding(change).status).toBe(status);
  });

  test("comes from Security Hub several in one event", () => {
    expect(hub).toMatchObject({ severity: "critical", hints: { instanceKey: "Example EDR|f-4" } });
    expect(hubDevice).toMatchObject({ severity: "info" });
  });

  test("without finding_info is rejected", () => {
    expect(rejectOf(read("ocsf", { class_uid: 2004 }))).toEqual({
      code: "invalid_alert",
      message: "finding_info: is required in a finding of OCSF",
    });
  });
});
