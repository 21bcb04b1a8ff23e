import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createSilencer,
  isProductionCritical,
  matcherOf,
  readerOf,
  type SilenceRule,
  type SilenceSubject,
} from "../../server/triage/silence.ts";
import { compilePattern } from "../../server/triage/silence-pattern.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import type { SilenceMatcher } from "../../shared/silence.ts";
import { policyOf } from "./samples.ts";

const subject = (change: Partial<SilenceSubject> = {}): SilenceSubject => ({
  source: "edge",
  rule: "r1",
  environment: "production",
  service: null,
  severity: "high",
  title: "A title",
  labels: {},
  ...change,
});

const matcher = (name: string, value: string, change: Partial<SilenceMatcher> = {}): SilenceMatcher => ({
  ...{ name, value, isRegex: false, isEqual: true },
  ...change,
});

let made = 0;
const silence = (change: Partial<SilenceRule> = {}): SilenceRule => {
  made += 1;
  return {
    id: `silence-${String(made).padStart(4, "0")}`,
    dialect: "own",
    matchers: [matcher("source", "edge")],
    reason: "A rebuild",
    author: "Ana",
    environments: null,
    services: null,
    overCritical: false,
    ...change,
  };
};

const hides = (rules: SilenceRule[], group: SilenceSubject) =>
  createSilencer(rules)?.hides(group, defaultPolicy) ?? null;

describe("a regular expression", () => {
  test.each([
    ["web", "web", true],
    ["web", "web-1", false],
    ["eb", "web", false],
    ["web|db", "db", true],
    ["web|db", "webdb", false],
    ["a|ab", "ab", true],
    ["web-[0-9]+:9100", "web-12:9100", true],
    ["(?i)WEB", "web", true],
    [".*", "", true],
    [".+", "", false],
    ["a.c", "a\nc", false],
    ["(?s)a.c", "a\nc", true],
    ["web", "web\n", false],
    [String.raw`\d{3}`, "123", true],
    [String.raw`\p{Greek}+`, "αβγ", true],
    [".", "😀", true],
  ])("%j against %j: %s", (pattern, value, expected) => {
    const compiled = compilePattern(pattern);
    expect(compiled.problem).toBeUndefined();
    expect(compiled.matches?.(value)).toBe(expected);
  });

  test.each(["(", "[a", "(?=a)", "(?<=a)b", String.raw`(a)\1`, "a{1001}", "*", String.raw`\8`])(
    "that RE2 does not know is refused: %s",
    (pattern) => expect(compilePattern(pattern).problem).toEqual(expect.any(String)),
  );

  test("that is too long or repeats too much is refused", () => {
    expect(compilePattern("a".repeat(512)).problem).toBeUndefined();
    expect(compilePattern("a".repeat(513)).problem).toContain("at most 512");
    expect(compilePattern("(x{1,1000}){1}".repeat(5)).problem).toContain("repeats too much");
  });

  test.each(["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*a){12}b", String.raw`([\p{L}a]*)*b`])(
    "takes no longer than its value is long: %s",
    (pattern) => {
      const compiled = compilePattern(pattern);
      const started = performance.now();
      for (let i = 0; i < 20; i += 1) expect(compiled.matches?.(`${"a".repeat(1_000)}c`)).toBe(false);
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );

  test("never throws, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, value) => {
        compilePattern(pattern).matches?.(value);
      }),
    );
  });
});

describe("a name in a matcher", () => {
  const labelled = subject({
    labels: { severity: "warning", source: "relay", job: "mail" },
    service: "shop",
  });

  test.each([
    ["severity", "high", "warning"],
    ["source", "edge", "relay"],
    ["rule", "r1", "r1"],
    ["environment", "production", "production"],
    ["service", "shop", "shop"],
    ["title", "A title", "A title"],
    ["job", "mail", "mail"],
    ["alertname", "", "r1"],
    ["nothing", "", ""],
    ["__proto__", "", ""],
    ["constructor", "", ""],
    ["labels", "", ""],
  ])("%s is %j in our words and %j in Alertmanager's", (name, own, foreign) => {
    expect(readerOf("own", name)(labelled)).toBe(own);
    expect(readerOf("alertmanager", name)(labelled)).toBe(foreign);
  });

  test("that is a prototype's is a label's when there is one", () => {
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y", "alertname": "z"}');
    expect(
      ["__proto__", "constructor", "alertname"].map((name) => readerOf("own", name)(subject({ labels }))),
    ).toEqual(["x", "y", "z"]);
  });
});

describe("a silence", () => {
  test.each<[string, SilenceMatcher[], boolean]>([
    ["all of its matchers", [matcher("source", "edge"), matcher("rule", "r1")], true],
    ["not one of them", [matcher("source", "edge"), matcher("rule", "r2")], false],
    ["what is not there as empty", [matcher("source", "edge"), matcher("job", "")], true],
    ["what differs", [matcher("source", "other", { isEqual: false })], true],
    ["what is the same, where it must differ", [matcher("source", "edge", { isEqual: false })], false],
    ["a pattern", [matcher("title", "A .*", { isRegex: true })], true],
    ["a pattern that must not match", [matcher("title", "A .*", { isRegex: true, isEqual: false })], false],
    ["nothing by a pattern that is none", [matcher("title", "(", { isRegex: true, isEqual: false })], false],
  ])("asks for %s", (_what, matchers, expected) => {
    expect(hides([silence({ matchers })], subject()) !== null).toBe(expected);
  });

  test("says who hides and why", () => {
    const rule = silence();
    expect(hides([rule], subject())).toEqual({ by: "silence", id: rule.id, because: "A rebuild (Ana)" });
  });

  test("that was made first hides, in whatever order they come", () => {
    const [one, two] = [silence({ matchers: [matcher("title", ".+", { isRegex: true })] }), silence()];
    expect(hides([two, one], subject())?.id).toBe(one.id);
    expect(hides([one, two], subject())?.id).toBe(one.id);
  });

  test("reaches no further than its author", () => {
    const staging = silence({ environments: ["staging"] });
    expect(hides([staging], subject())).toBeNull();
    expect(hides([staging], subject({ environment: "staging" }))).not.toBeNull();
    const shop = silence({ services: ["shop"] });
    expect(hides([shop], subject())).toBeNull();
    expect(hides([shop], subject({ service: "shop" }))).not.toBeNull();
  });

  test("hides what is production critical only when an administrator made it", () => {
    const critical = subject({ severity: "critical" });
    const [theirs, admins] = [silence(), silence({ overCritical: true })];
    expect(hides([theirs], critical)).toBeNull();
    expect(hides([theirs, admins], critical)?.id).toBe(admins.id);
    expect(hides([theirs], subject({ severity: "critical", environment: "test" }))).not.toBeNull();
  });

  test("takes for production what weighs in full: what nobody mapped, and what the policy says", () => {
    const is = (environment: string, policy = defaultPolicy) =>
      isProductionCritical({ severity: "critical", environment }, policy);
    expect([is("production"), is("moon"), is("staging")]).toEqual([true, true, false]);
    expect(is("staging", policyOf({ environments: [{ name: "staging", weight: 1 }] }))).toBe(true);
    expect(isProductionCritical({ severity: "high", environment: "production" }, defaultPolicy)).toBe(false);
  });

  test("is not asked when there is none", () => {
    expect(createSilencer([])).toBeNull();
  });
});

test("many silences at once hide what one after the other would", () => {
  const word = fc.constantFrom("", "a", "b", "c");
  const anyMatcher = fc.record({
    name: fc.constantFrom("source", "severity", "x", "y", "alertname"),
    value: fc.constantFrom("", "a", "b", "a|b", ".*"),
    isRegex: fc.boolean(),
    isEqual: fc.boolean(),
  });
  const anyRule = fc
    .record({
      dialect: fc.constantFrom("own" as const, "alertmanager" as const),
      matchers: fc.array(anyMatcher, { minLength: 1, maxLength: 3 }),
      overCritical: fc.boolean(),
    })
    .map((change) => silence(change));
  const anyGroup = fc
    .record({
      source: word,
      rule: word,
      severity: fc.constantFrom("critical" as const, "low" as const),
      labels: fc.dictionary(fc.constantFrom("x", "y", "severity"), word),
    })
    .map(subject);
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 8 }), anyGroup, (rules, group) => {
      const allowed = rules.filter(
        (rule) =>
          matcherOf(rule)(group) && (rule.overCritical || !isProductionCritical(group, defaultPolicy)),
      );
      const first = allowed.map(({ id }) => id).sort()[0];
      expect(hides(rules, group)?.id).toBe(first);
    }),
    { numRuns: 500 },
  );
});
