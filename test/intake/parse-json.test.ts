import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonFault } from "../../server/intake/json-fault.ts";
import { sayFault } from "../../server/intake/parse-json.ts";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const piece = fc.constantFrom(
  ...'[]{},:"\\ntf-+.eE019 \n\t\0é\ud800',
  ...["true", "false", "null", "\\u00e9", '"a"', '"a":', "1.5e+9", "[[", "}]"],
);
/** JSON with a few places spoilt, or what has only its characters. */
const almostJson = fc.oneof(
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc
    .tuple(fc.json(), fc.nat(), fc.nat({ max: 2 }), fc.oneof(piece, fc.constant("")))
    .map(([text, at, gone, put]) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + gone);
    }),
);

test("there is a fault in a text exactly when the parser finds one", () => {
  fc.assert(
    fc.property(almostJson, (text) => {
      expect(jsonFault(text) === null).toBe(isJson(text));
    }),
    { numRuns: 5_000 },
  );
});

test("what stands before the fault is no fault, and what comes after it mends nothing", () => {
  fc.assert(
    fc.property(almostJson, fc.string(), (text, more) => {
      const at = jsonFault(text);
      if (at === null) return;
      expect([null, at]).toContain(jsonFault(text.slice(0, at)));
      // Behind a point or an exponent a number may go on.
      if (at < text.length && !/[.eE]/.test(text.charAt(at))) {
        expect(jsonFault(text.slice(0, at + 1) + more)).toBe(at);
      }
    }),
    { numRuns: 3_000 },
  );
});

describe("the place of a fault", () => {
  test.each([
    ["", "line 1, column 1: it ends too early"],
    ["[1,\n 2", "line 2, column 3: it ends too early"],
    ["[1,]", 'line 1, column 4: "]" is not expected there'],
    ['{"a":1,\r\n"b" 2}', 'line 2, column 5: "2" is not expected there'],
    ['{"a":1,}', 'line 1, column 8: "}" is not expected there'],
    ["{'a':1}", `line 1, column 2: "'" is not expected there`],
    ['{"a":01}', 'line 1, column 7: "1" is not expected there'],
    ['["a\tb"]', "line 1, column 4: U+0009 is not expected there"],
    ['["\\x00"]', 'line 1, column 4: "x" is not expected there'],
    ['["\\u00g0"]', 'line 1, column 7: "g" is not expected there'],
    ["[tru]", 'line 1, column 5: "]" is not expected there'],
    ["[-a]", 'line 1, column 3: "a" is not expected there'],
    ["{} x", 'line 1, column 4: "x" is not expected there'],
    ["[1}", 'line 1, column 3: "}" is not expected there'],
    ["\u202e[]", "line 1, column 1: U+202E is not expected there"],
    ["[🐟]", "line 1, column 2: U+1F41F is not expected there"],
    ["[\0]\0", "line 1, column 2: it looks like UTF-16; UTF-8 is taken"],
    ['["a\0"]', "line 1, column 4: U+0000 is not expected there"],
  ])("in %j is told as %s", (text, said) => {
    expect(sayFault(text, null)).toBe(said);
  });

  test("is found however deep and long the text is", () => {
    for (const start of ["[", '{"a":', '[{"a":']) {
      const deep = start.repeat(500_000);
      expect(jsonFault(deep)).toBe(deep.length);
      expect(jsonFault(`${deep};`)).toBe(deep.length);
    }
    const long = `["${"\\n".repeat(4_000_000)}`;
    expect(jsonFault(`${long}\n`)).toBe(long.length);
  });
});
