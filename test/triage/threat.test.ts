import { describe, expect, test } from "vitest";
import { techniquesByTactics } from "../../server/triage/attack-techniques.ts";
import { threatOf } from "../../server/triage/threat.ts";

describe("the threat of techniques", () => {
  test.each<[string, string[], string | null, number]>([
    ["none", [], null, 0],
    ["one", ["T1486"], "impact", 20],
    ["its sub-technique", ["T1110.003"], "credential access", 14],
    ["the gravest of several", ["T1595", "T1041", "T1110"], "exfiltration", 20],
    ["the mildest of the tactics it serves", ["T1078"], "initial access", 8],
    ["the mildest of its parent's tactics", ["T1078.004"], "initial access", 8],
    ["one that nobody knows", ["T9999"], null, 0],
    ["one that nobody knows beside one that is known", ["T9999", "T1595"], "reconnaissance", 2],
  ])("%s", (_, techniques, tactic, points) => {
    const threat = threatOf(techniques);
    expect(threat?.tactic ?? null).toBe(tactic);
    expect(threat?.points ?? 0).toBe(points);
  });

  test("names the technique as it was sent", () => {
    expect(threatOf(["T1595.002"])?.technique).toBe("T1595.002");
  });

  test("is known for every technique of the table, each of which stands there once", () => {
    const all = techniquesByTactics.flatMap(([, techniques]) => techniques.split(" "));
    expect(new Set(all).size).toBe(all.length);
    for (const technique of all) {
      expect(technique).toMatch(/^T\d{4}$/);
      expect(threatOf([technique])?.points).toBeGreaterThan(0);
    }
  });
});
