import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arraySpans } from "../../server/intake/array-spans.ts";
import { character } from "./intake-of.ts";

const space = fc.string({ unit: fc.constantFrom(" ", "\n", "\r", "\t"), maxLength: 3 });
const tricky = fc.constantFrom(
  '"',
  "\\",
  '\\"',
  "[",
  "]",
  "{",
  "}",
  ",",
  '"],[',
  "\\u005d",
  "é",
  "🐟",
  "\u2028",
);
const text = fc
  .array(fc.oneof(tricky, fc.string({ unit: character, maxLength: 4 })))
  .map((parts) => parts.join(""));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, -0.5, 1e21, "", 0),
    text,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
}));

/** JSON text of the value, with white space wherever it may stand. */
function spaced(node: unknown, next: () => string): string {
  const around = (inner: string) => `${next()}${inner}${next()}`;
  if (Array.isArray(node)) return `[${node.map((item) => around(spaced(item, next))).join(",") || next()}]`;
  if (typeof node !== "object" || node === null) return JSON.stringify(node);
  const entries = Object.entries(node).map(
    ([name, item]) => `${around(JSON.stringify(name))}:${around(spaced(item, next))}`,
  );
  return `{${entries.join(",") || next()}}`;
}

test("each span of any array is the text of its element, without the space around it", () => {
  const input = fc.tuple(fc.array(value, { maxLength: 6 }), fc.array(space, { minLength: 1, maxLength: 9 }));
  fc.assert(
    fc.property(input, ([list, spaces]) => {
      let at = 0;
      const next = () => {
        at += 1;
        return spaces[at % spaces.length] ?? "";
      };
      const json = `${next()}${spaced(list, next)}${next()}`;
      const spans = arraySpans(json).map((span) => json.slice(...span));
      expect(spans.map((span): unknown => JSON.parse(span))).toEqual(JSON.parse(json));
      expect(spans.filter((span) => span !== span.trim())).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

describe("the elements of", () => {
  test.each<[string, string[]]>([
    ["[]", []],
    [" [ ] ", []],
    ["[1]", ["1"]],
    ["[1,2]", ["1", "2"]],
    ['[ "a,b" , "]" ]', ['"a,b"', '"]"']],
    ['["\\"","\\\\"]', ['"\\""', '"\\\\"']],
    ['[[],{},[[1,2],{"a":[3]}]]', ["[]", "{}", '[[1,2],{"a":[3]}]']],
    ["[12345678901234567890, 1.0]", ["12345678901234567890", "1.0"]],
    ["\n[\n{\n}\n,\n{ }\n]\n", ["{\n}", "{ }"]],
  ])("%j are %j", (json, elements) => {
    expect(arraySpans(json).map((span) => json.slice(...span))).toEqual(elements);
  });
});
