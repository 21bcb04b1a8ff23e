import { describe, expect, test } from "vitest";
import { ServiceError } from "../../server/errors.ts";
import { recordBytes, recordsOf } from "../../server/intake/records.ts";

const values = (...args: Parameters<typeof recordsOf>) =>
  recordsOf(...args).records.map(({ value }) => value);
const bytes = (text: string) => Buffer.from(text);

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
  return "none";
}

describe("a JSON body", () => {
  test.each<[string, unknown[]]>([
    ['{"a":1}', [{ a: 1 }]],
    ['[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['\ufeff[{"a":1}]\r\n', [{ a: 1 }]],
    ["[]", []],
    ["[[1],null]", [[1], null]],
    ["5", [5]],
    ['{"__proto__":1,"a":2}', [JSON.parse('{"__proto__":1,"a":2}')]],
  ])("%j holds %j", (text, expected) => {
    expect(values("json", bytes(text))).toEqual(expected);
  });

  test.each([[""], [" "], ["{"], ["{}{}"], ["[1,]"], ["{'a':1}"], ["NaN"], ["\ufeff"], ["\ufeff\ufeff{}"]])(
    "%j is unreadable",
    (text) => {
      expect(codeOf(() => recordsOf("json", bytes(text)))).toBe("unreadable");
    },
  );

  test("keeps every element's bytes as they were sent", () => {
    const body = bytes('\ufeff [ {"n": 12345678901234567890, "s":"\\u00e9é"} ,\n 1.0 ]');
    expect(recordBytes("json", body, 0).toString()).toBe('{"n": 12345678901234567890, "s":"\\u00e9é"}');
    expect(recordBytes("json", body, 1).toString()).toBe("1.0");
  });

  test("of one object is its own original, to the last byte", () => {
    const body = bytes('\ufeff {"a": [1,2]}\r\n');
    expect(recordBytes("json", body, 0)).toEqual(body);
  });
});

describe("a body of lines", () => {
  test("holds one record a line, whatever ends it, and none on blank ones", () => {
    expect(values("ndjson", bytes('\ufeff{"a":1}\r\n\r\n{"a":2}\n  \n\n{"a":3}'))).toEqual([
      { a: 1 },
      { a: 2 },
      { a: 3 },
    ]);
  });

  test("rejects a line that cannot be read, alone", () => {
    const { records } = recordsOf("ndjson", bytes('{"a":1}\n{"a":\n{"a":3}\n[1'));
    expect(records.map(({ value, reject }) => reject?.code ?? value)).toEqual([
      { a: 1 },
      "unreadable",
      { a: 3 },
      "unreadable",
    ]);
    expect(records[1]?.reject?.message).toBe("the line is not valid JSON: column 6: it ends too early");
  });

  test("of text gives the lines as they are", () => {
    expect(values("text", bytes(" one \r\ntwo\0\n\n{\n"))).toEqual([" one ", "two\0", "{"]);
  });

  test("keeps every line's bytes, counted as its records are", () => {
    const body = bytes('\n{"a": 1}\r\n\n  {"b":"é"} \n');
    expect(recordBytes("ndjson", body, 0).toString()).toBe('{"a": 1}');
    expect(recordBytes("ndjson", body, 1).toString()).toBe('  {"b":"é"} ');
    expect(recordBytes("text", body, 0).toString()).toBe('{"a": 1}');
  });

  test("of a log format is cut as the format cuts it, and keeps the bytes of each stretch", () => {
    const halves = (text: string): [number, number][] => [
      [0, text.indexOf("|")],
      [text.indexOf("|") + 1, text.length],
    ];
    const body = bytes("\ufeffé 1\r\n2|3\n");
    expect(recordsOf("text", body, halves).records).toEqual([{ value: "é 1\r\n2" }, { value: "3\n" }]);
    expect(recordBytes("text", body, 0, halves)).toEqual(bytes("é 1\r\n2"));
    expect(recordBytes("text", body, 1, halves)).toEqual(bytes("3\n"));
    expect(recordBytes("ndjson", body, 0, halves)).toEqual(bytes("é 1"));
  });

  test("that is empty holds nothing", () => {
    expect(values("ndjson", bytes("\n\r\n"))).toEqual([]);
    expect(values("text", bytes(""))).toEqual([]);
  });
});

describe("any body", () => {
  test.each(["json", "ndjson", "text"] as const)("of %s that is not UTF-8 is unreadable", (type) => {
    for (const odd of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc0, 0x80]]) {
      const body = Buffer.concat([bytes('{"a":"'), Buffer.from(odd), bytes('"}')]);
      expect(codeOf(() => recordsOf(type, body))).toBe("unreadable");
    }
  });

  test.each(["json", "ndjson", "text"] as const)("of %s may hold 10,000 records and no more", (type) => {
    const body = (count: number) => {
      const all = Array.from({ length: count }, () => "1");
      return bytes(type === "json" ? `[${all.join(",")}]` : all.join("\n"));
    };
    expect(values(type, body(10_000))).toHaveLength(10_000);
    expect(codeOf(() => recordsOf(type, body(10_001)))).toBe("too_many_alerts");
  });

  test.each([
    ["json", '{"a":"\\u0000"}', false],
    ["json", '{"a":"\\uD83D\\uDC1F"}', false],
    ["json", '{"a":"🐟 \\n"}', true],
    ["ndjson", '{"a":"\\u0000"}', false],
    ["ndjson", '{"a":1}\n{"a":"x"}', true],
    ["text", "a\0b", false],
  ] as const)("of %s %j may hold NUL or half a pair: %s is whether it cannot", (type, text, textIsClean) => {
    expect(recordsOf(type, bytes(text)).textIsClean).toBe(textIsClean);
  });
});
