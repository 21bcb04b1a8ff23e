import { describe, expect, test } from "vitest";
import { severities } from "../../shared/alert.ts";
import { severityRank } from "../../shared/policy.ts";
import { day, minute, noon, policyOf, prepared } from "./samples.ts";

const iso = (time: number) => new Date(time).toISOString();

describe("the time of an alert", () => {
  test.each<[string, string | undefined, number, number]>([
    ["absent is when it was received", undefined, noon, 0],
    ["a minute ago is taken", iso(noon - minute), noon - minute, 0],
    ["with another zone is taken", "2026-11-23T13:00:00+02:00", noon - 60 * minute, 0],
    ["just five minutes ahead is taken", iso(noon + 5 * minute), noon + 5 * minute, 0],
    ["more than five minutes ahead is now, with a remark", iso(noon + 5 * minute + 1), noon, 1],
    ["far ahead is now, with a remark", "9999-12-31T23:59:59Z", noon, 1],
    ["a week ago is taken", iso(noon - 7 * day), noon - 7 * day, 0],
    ["more than a week ago is a week ago", iso(noon - 7 * day - 1), noon - 7 * day, 0],
    ["long ago is a week ago", "1970-01-01T00:00:00Z", noon - 7 * day, 0],
  ])("%s", (_, occurredAt, expected, remarks) => {
    const one = prepared(occurredAt === undefined ? {} : { occurredAt });
    expect(one.occurredAt).toBe(expected);
    expect(one.remarks).toHaveLength(remarks);
    expect(one.receivedAt).toBe(noon);
  });

  test("ahead is said in a sentence that names it", () => {
    const { remarks } = prepared({ occurredAt: "2026-11-24T12:00:00Z" });
    expect(remarks).toEqual(["The detector's clock is ahead: it says 2026-11-24T12:00:00.000Z"]);
  });
});

describe("the severity of an alert", () => {
  test("above its token's ceiling is the ceiling, with a remark", () => {
    const { severity, remarks } = prepared({ severity: "critical" }, { ceiling: "medium" });
    expect(severity).toBe("medium");
    expect(remarks).toEqual(["The detector says critical; its token may say medium at most"]);
  });

  test("is never worse than its ceiling and never other than said below it", () => {
    for (const said of severities) {
      for (const ceiling of [null, ...severities]) {
        const { severity, remarks } = prepared({ severity: said }, { ceiling });
        const isCut = ceiling !== null && severityRank(said) < severityRank(ceiling);
        expect(severity).toBe(isCut ? ceiling : said);
        expect(remarks).toHaveLength(isCut ? 1 : 0);
      }
    }
  });
});

describe("the entities of an alert", () => {
  test("are those it names, then those in its title and description", () => {
    const { entities } = prepared({
      title: "Login from 192.0.2.7",
      description: "by eve@example.com from 198.51.100.2",
      entities: [{ type: "ip", value: "198.51.100.2", role: "actor" }],
    });
    expect(entities).toEqual([
      { type: "ip", value: "198.51.100.2", role: "actor" },
      { type: "ip", value: "192.0.2.7" },
      { type: "email", value: "eve@example.com" },
      { type: "domain", value: "example.com" },
    ]);
  });

  test("are the same when a text comes again", () => {
    const description = "from 192.0.2.7";
    expect(prepared({ description }).entities).toEqual(prepared({ description }).entities);
  });

  test("in a text place nothing: whoever writes a log must not choose the environment", () => {
    const policy = policyOf({
      environments: [
        { name: "production", weight: 1 },
        { name: "staging", weight: 0.7, showFrom: "critical", match: { networks: ["192.0.2.0/24"] } },
      ],
    });
    const inText = prepared({ description: "User-Agent: 192.0.2.7" }, { policy });
    expect(inText.entities).toContainEqual({ type: "ip", value: "192.0.2.7" });
    expect(inText.placement).toMatchObject({ environment: "production", mapped: false });
    const named = prepared({ entities: [{ type: "ip", value: "192.0.2.7" }] }, { policy });
    expect(named.placement).toMatchObject({ environment: "staging", mapped: true });
  });
});
