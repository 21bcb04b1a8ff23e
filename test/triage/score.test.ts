import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Novelty } from "../../server/triage/group-state.ts";
import { bandOf, scoreGroup } from "../../server/triage/score.ts";
import { type Alert, severities } from "../../shared/alert.ts";
import { riskLevels } from "../../shared/policy.ts";
import { createTriage, day, hour, noon, policyOf } from "./samples.ts";

interface Case {
  alert: Partial<Alert>;
  weight: number;
  risk: (typeof riskLevels)[number];
  repeats: number;
  novelty: Novelty;
}

const cases: fc.Arbitrary<Case> = fc.record({
  alert: fc.record({
    severity: fc.constantFrom(...severities),
    techniques: fc.subarray(["T1486", "T1110.003", "T1595", "T9999"]),
    service: fc.constantFrom("shop", "unknown"),
    environment: fc.constantFrom("here", "elsewhere"),
  }),
  weight: fc.float({ min: 0, max: 1, noNaN: true }),
  risk: fc.constantFrom(...riskLevels),
  repeats: fc.constantFrom(1, 4, 40),
  novelty: fc.constantFrom("detector", "environment", "none"),
});

function scored({ alert, weight, risk, repeats, novelty }: Case) {
  const policy = policyOf({ environments: [{ name: "here", weight }], services: [{ name: "shop", risk }] });
  const { send } = createTriage(policy, novelty);
  let { group } = send(alert);
  for (let i = 1; i < repeats; i += 1) group = send(alert).group;
  return { group, ...scoreGroup(group, policy, noon) };
}

const plain: Case = {
  alert: { severity: "high", environment: "here" },
  weight: 1,
  risk: "MEDIUM",
  repeats: 1,
  novelty: "none",
};
const pointsOf = (given: Partial<Case>, name: string) =>
  scored({ ...plain, ...given }).factors.find((factor) => factor.name === name)?.points ?? 0;

describe("a score", () => {
  test("is the sum of its factors within 0 to 100, each with a sentence", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { score, factors } = scored(given);
        const sum = factors.reduce((total, { points }) => total + points, 0);
        expect(score).toBe(Math.min(100, Math.max(0, sum)));
        for (const { name, points, because } of factors) {
          expect(Number.isInteger(points)).toBe(true);
          expect(Object.is(points, -0)).toBe(false);
          expect(because.length).toBeGreaterThan(10);
          expect(because).not.toMatch(/undefined|null|NaN/);
          // Every summand that is there says something; severity and environment are always named.
          expect(points !== 0 || name === "environment").toBe(true);
        }
        expect(new Set(factors.map(({ name }) => name)).size).toBe(factors.length);
        const sizes = factors.map(({ points }) => Math.abs(points));
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      }),
    );
  });

  test("never falls when the severity is worse", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const scores = severities.map(
          (severity) => scored({ ...given, alert: { ...given.alert, severity } }).score,
        );
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }),
    );
  });

  test("never falls when the environment weighs more", () => {
    const weight = fc.float({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(cases, weight, weight, (given, one, other) => {
        const milder = scored({ ...given, weight: Math.min(one, other) }).score;
        expect(scored({ ...given, weight: Math.max(one, other) }).score).toBeGreaterThanOrEqual(milder);
      }),
    );
  });

  test("in production goes by severity alone when nothing else is known", () => {
    const of = (severity: Alert["severity"]) =>
      scored({ ...plain, alert: { ...plain.alert, severity } }).score;
    expect(severities.map(of)).toEqual([74, 52, 34, 17, 5]);
  });
});

describe("a factor", () => {
  test("of the environment takes its share of all others", () => {
    expect(pointsOf({ weight: 1 }, "environment")).toBe(0);
    expect(pointsOf({ weight: 0.5 }, "environment")).toBe(-26);
    expect(scored({ ...plain, weight: 0 }).score).toBe(0);
  });

  test("of an environment nobody mapped says that it counts as production", () => {
    const { factors } = scored({ ...plain, alert: { ...plain.alert, environment: "moon" }, weight: 0.5 });
    expect(factors.find(({ name }) => name === "environment")).toEqual({
      name: "environment",
      points: 0,
      because: "No rule maps its environment: it counts as production, in full",
    });
  });

  test("of the service follows its risk, and is absent where that says nothing", () => {
    const alert = { ...plain.alert, service: "shop" };
    expect(riskLevels.map((risk) => pointsOf({ alert, risk }, "service"))).toEqual([-6, 0, 5, 10]);
    expect(scored({ ...plain, alert }).factors.map(({ name }) => name)).not.toContain("service");
  });

  test("of volume grows with repetition up to a bound", () => {
    const { send } = createTriage(undefined, "none");
    const seen: number[] = [];
    for (let i = 1; i <= 2_000; i += 1) {
      const { factors } = send().group;
      seen.push(factors.find(({ name }) => name === "volume")?.points ?? 0);
    }
    expect([1, 3, 4, 10, 40, 100, 400, 1_000, 2_000].map((count) => seen[count - 1])).toEqual([
      0, 0, 1, 2, 3, 4, 5, 5, 5,
    ]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test("of volume is forgotten after a day", () => {
    const { send } = createTriage(undefined, "none");
    for (let i = 0; i < 100; i += 1) send();
    const names = send({}, { at: noon + 25 * hour }).group.factors.map(({ name }) => name);
    expect(names).not.toContain("volume");
  });

  test("of novelty is for the first day of a detector's first group", () => {
    const { send, groups } = createTriage();
    const novelty = (at: number) =>
      send({}, { at }).group.factors.find(({ name }) => name === "novelty")?.points ?? 0;
    expect(novelty(noon)).toBe(6);
    expect(novelty(noon + day - 1)).toBe(6);
    expect(novelty(noon + day)).toBe(0);
    const factorsOf = (environment: string) => send({ environment }).group.factors;
    expect(factorsOf("staging").find(({ name }) => name === "novelty")).toMatchObject({ points: 4 });
    const again = send({ environment: "staging", entities: [{ type: "host", value: "web-2" }] });
    expect(again.group.factors.map(({ name }) => name)).not.toContain("novelty");
    expect(groups.size).toBe(3);
  });

  test("of severity names the sender's own word for it", () => {
    const { send } = createTriage();
    const { factors } = send({ hints: { nativeSeverity: "level 12" } }).group;
    expect(factors[0]?.because).toBe("Severity is high (edge says level 12)");
  });
});

describe("the band", () => {
  test.each([
    [100, 1],
    [80, 1],
    [79, 2],
    [60, 2],
    [59, 3],
    [40, 3],
    [39, 4],
    [15, 4],
    [14, 5],
    [0, 5],
  ])("of %i points is P%i as the policy comes", (score, band) => {
    expect(bandOf(score, policyOf())).toBe(band);
  });

  test("follows the policy", () => {
    const policy = policyOf({ bands: { P1: 50, P2: 40, P3: 30, P4: 20 } });
    expect(createTriage(policy, "none").send({ environment: "production" }).group).toMatchObject({
      score: 52,
      band: 1,
    });
  });
});
