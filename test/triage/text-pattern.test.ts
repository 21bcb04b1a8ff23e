import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesPattern } from "../../server/triage/text-pattern.ts";
import { character } from "./samples.ts";

/** The plain definition, exponential: a star takes any number of characters. */
function matchesSlowly(text: string, pattern: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === "";
  if (first !== "*") return text[0] === first && matchesSlowly(text.slice(1), rest.join(""));
  for (let taken = 0; taken <= text.length; taken += 1) {
    if (matchesSlowly(text.slice(taken), rest.join(""))) return true;
  }
  return false;
}

describe("a pattern", () => {
  test.each<[string, string, boolean]>([
    ["web-1", "web-1", true],
    ["WEB-1", "web-1", true],
    ["web-1", "WEB-1", true],
    ["web-12", "web-1", false],
    ["web-1", "web-*", true],
    ["web-", "web-*", true],
    ["a-web-1", "web-*", false],
    ["shop-prod", "*-prod", true],
    ["-prod", "*-prod", true],
    ["shop-prod-1", "*-prod", false],
    ["a-prod-b-prod", "*-prod", true],
    ["x-prod-y", "*-prod-*", true],
    ["ab", "a*b", true],
    ["a", "a*a", false],
    ["aa", "a*a", true],
    ["anything", "*", true],
    ["", "*", true],
    ["", "", true],
    ["a", "", false],
    ["abc", "a**c", true],
    ["a.c", "a?c", false],
    ["abc", "a.c", false],
    ["aaa", "(a+)+$", false],
    ["[a]", "[a]", true],
  ])("%j by %j: %s", (text, pattern, matches) => {
    expect(matchesPattern(text, pattern)).toBe(matches);
  });

  test("means what its definition says", () => {
    const letters = { unit: fc.constantFrom("a", "b"), maxLength: 8 };
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 });
    fc.assert(
      fc.property(fc.string(letters), pattern, (text, given) => {
        expect(matchesPattern(text, given)).toBe(matchesSlowly(text, given));
      }),
      { numRuns: 1_000 },
    );
  });

  test("of many stars ends on a long text that nearly fits", () => {
    expect(matchesPattern("a".repeat(100_000), `${"*a".repeat(100)}*b`)).toBe(false);
    expect(matchesPattern("a".repeat(100_000), `${"*a".repeat(100)}*`)).toBe(true);
  });

  test("of a star around any text finds it anywhere", () => {
    const plain = fc.string({ unit: character }).filter((text) => !text.includes("*"));
    fc.assert(
      fc.property(plain, plain, plain, (before, middle, after) => {
        expect(matchesPattern(before + middle + after, `*${middle}*`)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
