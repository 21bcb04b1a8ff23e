import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [filed, triaged, resolved, question, informative, retest] = fixtureAlerts(
  "hackerone",
  "hackerone/reports.ndjson",
);
const report = (attributes: object, relationships: object = {}) =>
  alertOf(
    read("hackerone", { id: "1", type: "report", attributes: { title: "t", ...attributes }, relationships }),
  );

describe("a report of HackerOne", () => {
  test("tells weakness, rating, asset, program and where to read it", () => {
    expect(filed).toMatchObject({
      source: "hackerone",
      rule: "CWE-79",
      title: "Invented XSS in search",
      severity: "high",
      status: "firing",
      occurredAt: "2026-11-23T12:00:00.000Z",
      dedupKey: "hackerone|4711",
      entities: [
        { type: "domain", value: "shop.example.com", role: "target" },
        { type: "account", value: "example-shop", role: "target" },
        { type: "user", value: "finder-7", role: "observer" },
      ],
      labels: { state: "new", cvss: "7.1", activity: "activity-bug-filed", program: "example-shop" },
      links: [{ href: "https://hackerone.com/reports/4711", text: "Report" }],
      hints: { nativeSeverity: "high", instanceKey: "4711", heartbeatKey: "hackerone|4711" },
    });
  });

  test("stays one group through its activities, its ratings and its titles, until it is closed", () => {
    expect(triaged).toMatchObject({
      dedupKey: filed?.dedupKey,
      severity: "critical",
      title: "Stored XSS in search",
    });
    expect(triaged?.links?.[1]).toEqual({ href: "https://tracker.example.com/SEC-9", text: "Issue" });
    expect(triaged?.entities?.[0]).toEqual({
      type: "url",
      value: "https://shop.example.com/search",
      role: "target",
    });
    expect(resolved).toMatchObject({ dedupKey: filed?.dedupKey, status: "resolved" });
    expect(question?.dedupKey).not.toBe(informative?.dedupKey);
  });

  test.each([
    ["new", "firing"],
    ["pending-program-review", "firing"],
    ["triaged", "firing"],
    ["needs-more-info", "firing"],
    ["retesting", "firing"],
    ["resolved", "resolved"],
    ["not-applicable", "resolved"],
    ["informative", "resolved"],
    ["duplicate", "resolved"],
    ["spam", "resolved"],
    ["unheard-of", "firing"],
  ])("that is %s is %s", (state, status) => {
    expect(report({ state }).status).toBe(status);
  });

  test("that nobody has rated is medium, and one without an impact only informs", () => {
    expect(question).toMatchObject({ severity: "medium", rule: "report" });
    expect(informative).toMatchObject({ severity: "info", hints: { nativeSeverity: "none" } });
    expect(report({ severity_rating: "low" }).severity).toBe("low");
    expect(retest?.severity).toBe("low");
  });

  test("has its kind of vulnerability as rule where it has no weakness", () => {
    const kinds = {
      vulnerability_types: { data: [{ type: "vulnerability-type", attributes: { name: "SQLi" } }] },
    };
    expect(report({}, kinds).rule).toBe("SQLi");
  });

  test.each([
    [{ data: { type: "activity-comment", attributes: {} } }],
    [{ data: [] }],
    [{ data: { report: { id: "1", type: "program", attributes: {} } } }],
  ])("is not %j", (record) => {
    expect(rejectOf(read("hackerone", record)).message).toBe("data: holds no report of HackerOne");
  });
});
