import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMatcher } from "../../server/compat/alertmanager-matcher.ts";
import { character } from "../triage/samples.ts";

const operators = { "true false": "=", "false false": "!=", "true true": "=~", "false true": "!~" } as const;

const parsed = (text: string) => {
  const { name, value, isRegex, isEqual } = parseMatcher(text);
  return [name, operators[`${isEqual} ${isRegex}`], value];
};

describe("a matcher in Alertmanager's words", () => {
  it.each<[string, string[]]>([
    ['severity="warning"', ["severity", "=", "warning"]],
    ["severity=warning", ["severity", "=", "warning"]],
    [" a_b:c1  !=  x y ", ["a_b:c1", "!=", "x y"]],
    ['job=~"web|db"', ["job", "=~", "web|db"]],
    ["job!~.+", ["job", "!~", ".+"]],
    ["job=", ["job", "=", ""]],
    ['job=""', ["job", "=", ""]],
    [String.raw`a="She said: \"Hi\""`, ["a", "=", 'She said: "Hi"']],
    [String.raw`a="C:\\dir"`, ["a", "=", String.raw`C:\dir`]],
    [String.raw`a="one\ntwo"`, ["a", "=", "one\ntwo"]],
    [String.raw`a=~"\d+\.\w"`, ["a", "=~", String.raw`\d+\.\w`]],
    ["a==b", ["a", "=", "=b"]],
    ["a=b=c", ["a", "=", "b=c"]],
    ['"two words"="x"', ["two words", "=", "x"]],
    ["a=~(x", ["a", "=~", "(x"]],
  ])("%s", (text, expected) => expect(parsed(text)).toEqual(expected));

  it.each(["", "a", "=b", "1a=b", "a-b=c", 'a="x', 'a=x"', 'a="x"y"', String.raw`a="x\"`, 'a="', "{a=b}"])(
    "is refused: %s",
    (text) => expect(() => parseMatcher(text)).toThrow(/^(bad matcher format|matcher value contains)/),
  );

  it("gives back every value that is written as it is meant to be", () => {
    fc.assert(
      fc.property(fc.string({ unit: character }), (value) => {
        const written = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
        expect(parseMatcher(`a="${written}"`).value).toBe(value);
      }),
    );
  });

  it("takes no longer than it is long", () => {
    for (const text of [`a="${"\\".repeat(2_000)}`, `a=${" ".repeat(2_000)}x`, `a=${'"\\'.repeat(1_000)}`]) {
      const started = performance.now();
      try {
        parseMatcher(text);
      } catch {
        // Whether it is one is not asked here.
      }
      expect(performance.now() - started).toBeLessThan(200);
    }
  });
});
