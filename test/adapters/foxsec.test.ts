import { describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import { alertOf, fixtureAlerts, read } from "./fixture-records.ts";

const [profile, flood, quiet] = fixtureAlerts("mozdef", "mozdef/records.ndjson").filter(
  ({ source }) => source === "foxsec",
);

function raised(metadata: Record<string, string>, more: object = {}) {
  const record = {
    id: "1",
    severity: "warn",
    category: "authprofile",
    summary: "s",
    timestamp: "2026-11-23T12:00:00Z",
    metadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    ...more,
  };
  expect(detectFormat(record)).toBe("mozdef");
  return alertOf(read("mozdef", record));
}

describe("an alert of foxsec-pipeline", () => {
  test("becomes an alert of its own source, not of MozDef", () => {
    expect(profile).toEqual({
      source: "foxsec",
      rule: "authprofile/state_analyze",
      title: "authentication event observed ana [ana@example.com] to tracker, new source 203.0.113.11",
      severity: "medium",
      service: "sign-in",
      occurredAt: "2026-11-23T12:07:00.000Z",
      dedupKey: "foxsec|authprofile/state_analyze|ana|tracker||203.0.113.11",
      entities: [
        { type: "user", value: "ana", role: "target" },
        { type: "email", value: "ana@example.com", role: "target" },
        { type: "email", value: "ana@example.org", role: "target" },
        { type: "ip", value: "203.0.113.11", role: "actor" },
      ],
      techniques: ["T1078"],
      labels: expect.objectContaining({ object: "tracker", sourceaddress_country: "NL" }),
      description: "<b>new</b>",
      links: [{ href: "https://wiki.example.com/authprofile", text: "Runbook" }],
      hints: { nativeSeverity: "warn", runbookUrl: "https://wiki.example.com/authprofile" },
    });
  });

  test("names the account, and links nothing but web pages", () => {
    expect(flood).toMatchObject({ severity: "critical", rule: "httprequest" });
    expect(flood?.entities).toEqual([
      { type: "ip", value: "203.0.113.12", role: "actor" },
      { type: "account", value: "123456789012", role: "target" },
    ]);
    expect(flood).not.toHaveProperty("links");
    expect(quiet).toMatchObject({ severity: "info", rule: "gatekeeper:aws", description: "text" });
  });

  test("folds on its merge key over addresses, but never over people or accounts", () => {
    const key = (metadata: Record<string, string>) =>
      raised({ notify_merge: "shop error_count", ...metadata }).dedupKey;
    expect(key({ sourceaddress: "192.0.2.1" })).toBe(key({ sourceaddress: "192.0.2.2" }));
    expect(key({ username: "ana" })).not.toBe(key({ username: "ben" }));
    expect(key({ project_id: "a" })).not.toBe(key({ project_id: "b" }));
  });

  test("without a merge key folds over ids and counts, not over people, objects, findings or addresses", () => {
    const metadata = { username: "ana", object: "tracker", sourceaddress: "192.0.2.1" };
    const key = raised(metadata).dedupKey;
    expect(raised({ ...metadata, count: "9" }, { id: "2", summary: "t" }).dedupKey).toBe(key);
    for (const change of [
      { username: "ben" },
      { object: "wiki" },
      { sourceaddress: "192.0.2.2" },
      { finding_type: "f" },
      { aws_account_id: "1" },
    ]) {
      expect(raised({ ...metadata, ...change }).dedupKey).not.toBe(key);
    }
  });
});
