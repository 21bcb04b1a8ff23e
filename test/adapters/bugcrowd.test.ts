import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [created, rated, resolved, refused, duplicate, plain] = fixtureAlerts(
  "bugcrowd",
  "bugcrowd/submissions.ndjson",
);
const id = "0a0a0a0a-1111-4000-8000-000000000001";
const submission = (attributes: object) =>
  alertOf(read("bugcrowd", { id: "s", type: "submission", attributes: { title: "t", ...attributes } }));

describe("a submission to Bugcrowd", () => {
  test("tells its rating, place, program and where to read it", () => {
    expect(rated).toMatchObject({
      source: "bugcrowd",
      rule: "server_security_misconfiguration.server_side_request_forgery_ssrf.internal_high_impact",
      title: "SSRF reaches metadata",
      severity: "critical",
      status: "firing",
      occurredAt: "2026-11-23T12:00:00.000Z",
      entities: [
        { type: "url", value: "https://import.example.com/v1", role: "target" },
        { type: "domain", value: "import.example.com", role: "target" },
        { type: "account", value: "example-import", role: "target" },
        { type: "user", value: "seeker", role: "observer" },
      ],
      labels: { state: "triaged", program: "Example Import", event: "submission.updated" },
      links: [{ href: `https://tracker.bugcrowd.com/example-import/submissions/${id}`, text: "Submission" }],
      hints: { nativeSeverity: "P1", instanceKey: id, heartbeatKey: `bugcrowd|${id}` },
    });
  });

  test("stays one group through its events, until it is closed", () => {
    expect(created).toMatchObject({ dedupKey: rated?.dedupKey, severity: "medium" });
    expect(resolved).toMatchObject({ dedupKey: rated?.dedupKey, status: "resolved" });
    expect(plain?.dedupKey).not.toBe(rated?.dedupKey);
  });

  test.each([
    [1, "critical"],
    [2, "high"],
    [3, "medium"],
    [4, "low"],
    [5, "info"],
    ["P1", "critical"],
    ["p5", "info"],
    [null, "medium"],
    [0, "medium"],
    ["__proto__", "medium"],
  ])("of priority %j is %s", (severity, mapped) => {
    expect(submission({ severity }).severity).toBe(mapped);
  });

  test.each([
    ["new", "firing"],
    ["triaged", "firing"],
    ["unresolved", "firing"],
    ["resolved", "resolved"],
    ["informational", "resolved"],
    ["wont-fix", "resolved"],
    ["wont_fix", "resolved"],
    ["not-applicable", "resolved"],
    ["not-reproducible", "resolved"],
    ["out-of-scope", "resolved"],
  ])("that is %s is %s", (state, status) => {
    expect(submission({ state }).status).toBe(status);
  });

  test("that is a duplicate is over", () => {
    expect(duplicate?.status).toBe("resolved");
    expect(refused?.status).toBe("resolved");
  });

  test("is not in an event about something else", () => {
    const event = { data: { id: "e", type: "event", attributes: { key: "comment.created" } }, included: [] };
    expect(rejectOf(read("bugcrowd", event)).message).toBe("included: holds no submission of Bugcrowd");
    expect(rejectOf(read("bugcrowd", { data: { type: "program", attributes: {} } })).code).toBe(
      "invalid_alert",
    );
  });
});
