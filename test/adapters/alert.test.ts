import { describe, expect, test } from "vitest";
import { readAlert } from "../../server/adapters/alert.ts";
import { textIsClean } from "../../server/adapters/well-formed.ts";
import { alertOf, fixtureAlerts, fixtureText, rejectOf } from "./fixture-records.ts";

const least = { source: "edge", rule: "r1", title: "A title", severity: "low" };
const many = <T>(count: number, item: T) => Array.from({ length: count }, () => item);
const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, "v"]));
const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

describe("the canonical alert", () => {
  test("is taken as it was sent, without fields nobody knows", () => {
    const [first, second, third, hostile, long] = fixtureAlerts("alert", "alert/records.ndjson");
    expect(first).toEqual({
      source: "edge-ids",
      rule: "login-burst",
      title: "Many failed logins",
      severity: "high",
    });
    expect(second?.raw).toEqual({ n: 12, parts: [1, null, { deep: true }] });
    expect(second?.labels).toEqual({ zone: "a", empty: "" });
    expect(third).not.toHaveProperty("unknown");
    expect(hostile).toMatchObject({ title: "=cmd|' /C calc'!A0", description: "<script>alert(1)</script>" });
    expect(hostile?.labels?.note).toBe("\u202egnp.exe");
    expect(long?.title).toBe("🐟".repeat(512));
  });

  test("keeps only links to web pages", () => {
    expect(fixtureAlerts("alert", "alert/records.ndjson")[5]?.links).toEqual([
      { href: "http://203.0.113.9/x" },
    ]);
  });

  test.each<[string, object, string, string]>([
    [
      "a title over its limit",
      { title: "x".repeat(1025) },
      "field_too_long",
      "title: at most 1,024 characters",
    ],
    [
      "a description",
      { description: "x".repeat(16_385) },
      "field_too_long",
      "description: at most 16,384 characters",
    ],
    [
      "a label's value",
      { labels: { a: "x".repeat(257) } },
      "field_too_long",
      "labels.a: at most 256 characters",
    ],
    [
      "an entity",
      { entities: [{ type: "ip", value: "x".repeat(1025) }] },
      "field_too_long",
      "entities.0.value: at most 1,024 characters",
    ],
    ...["__proto__", "constructor", "prototype"].map((name): [string, object, string, string] => [
      `a label named ${name}`,
      { labels: JSON.parse(`{"a":"b","${name}":"x"}`) },
      "invalid_alert",
      `labels.${name}: a label cannot have this name`,
    ]),
    ["too many labels", { labels: numbered(65) }, "too_many_items", "labels: at most 64 items"],
    [
      "too many entities",
      { entities: many(129, { type: "ip", value: "a" }) },
      "too_many_items",
      "entities: at most 128 items",
    ],
    [
      "too many links",
      { links: many(33, { href: "https://a.example" }) },
      "too_many_items",
      "links: at most 32 items",
    ],
    [
      "too many techniques",
      { techniques: many(33, "T1110") },
      "too_many_items",
      "techniques: at most 32 items",
    ],
    ["NUL in the title", { title: "a\0b" }, "nul_character", "title: a NUL character is not allowed"],
    [
      "NUL deep in raw",
      { raw: { a: [1, { b: "\0" }] } },
      "nul_character",
      "raw.a.1.b: a NUL character is not allowed",
    ],
    [
      "NUL in a label's name",
      { labels: { "a\0": "b" } },
      "nul_character",
      "labels.a␀: a NUL character is not allowed",
    ],
    ["NUL in an unknown field", { more: "\0" }, "nul_character", "more: a NUL character is not allowed"],
    ["half a pair", { title: "\ud83d" }, "lone_surrogate", "title: half of a surrogate pair is not allowed"],
    [
      "half a pair in a key",
      { raw: { "\udc1f": 1 } },
      "lone_surrogate",
      "raw.\ufffd: half of a surrogate pair is not allowed",
    ],
    ["too many levels", { raw: nested(64) }, "nested_too_deep", "raw.0.0: at most 64 levels of nesting"],
    ["no title", { title: undefined }, "invalid_alert", "title: is required"],
    ["an empty rule", { rule: "" }, "invalid_alert", "rule: must not be empty"],
    ["a number for text", { source: 5 }, "invalid_alert", "source: must be text"],
    ["null for text", { environment: null }, "invalid_alert", "environment: must be text"],
    [
      "another severity",
      { severity: "urgent" },
      "invalid_alert",
      "severity: one of critical, high, medium, low, info",
    ],
    [
      "another entity",
      { entities: [{ type: "cat", value: "x" }] },
      "invalid_alert",
      "entities.0.type: one of host, ip,",
    ],
    [
      "a time without a zone",
      { occurredAt: "2026-11-23T12:00:00" },
      "invalid_alert",
      "occurredAt: an RFC 3339 time",
    ],
    [
      "a time that is none",
      { occurredAt: "2026-13-23T12:00:00Z" },
      "invalid_alert",
      "occurredAt: an RFC 3339 time",
    ],
    ["another technique", { techniques: ["T11"] }, "invalid_alert", "techniques.0: an ATT&CK id"],
    ["a list for labels", { links: {} }, "invalid_alert", "links: must be a list"],
  ])("with %s is rejected by name", (_, change, code, message) => {
    const reject = rejectOf([readAlert({ ...least, ...change })]);
    expect(reject.code).toBe(code);
    expect(reject.message).toContain(message);
  });

  test("at its limits is taken", () => {
    const full = {
      ...least,
      title: "x".repeat(1024),
      labels: numbered(64),
      entities: many(128, { type: "ip", value: "x".repeat(1024) }),
      raw: nested(63),
    };
    expect(alertOf([readAlert(full)]).entities).toHaveLength(128);
  });

  test.each([[null], [5], ["text"], [[]], [undefined]])("%j is no alert", (value) => {
    expect(rejectOf([readAlert(value)])).toEqual({
      code: "invalid_alert",
      message: "alert: must be an object",
    });
  });

  test("nesting counts even when the text is known to be clean", () => {
    expect(rejectOf([readAlert({ ...least, more: nested(64) }, true)]).code).toBe("nested_too_deep");
  });
});

describe("a body's text", () => {
  test.each([
    [JSON.stringify({ a: "\0" }), false],
    [JSON.stringify({ a: "\ud83d" }), false],
    ['{"a":"\\uD83D\\uDC1F"}', false],
    [JSON.stringify({ a: "🐟 \u202e \n" }), true],
    [fixtureText("alert/records.ndjson"), true],
  ])("%# is clean or may hold what is not allowed", (json, clean) => {
    expect(textIsClean(json)).toBe(clean);
  });
});
