import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractEntities } from "../../server/triage/extract-entities.ts";
import { character } from "./samples.ts";

const values = (text: string) => extractEntities(text).map(({ type, value }) => `${type} ${value}`);
const sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";

describe("a text", () => {
  test.each<[string, string[]]>([
    ["from 192.0.2.7 port 22", ["ip 192.0.2.7"]],
    ["from 2001:db8::7 port 22", ["ip 2001:db8::7"]],
    ["mail to root@example.com", ["email root@example.com", "domain example.com"]],
    ["asked for bad.example.com today", ["domain bad.example.com"]],
    [
      "GET http://bad.example.com/a.php?x=1 seen",
      ["url http://bad.example.com/a.php?x=1", "domain bad.example.com"],
    ],
    [`file ${sha1} changed`, [`hash ${sha1}`]],
    ["md5 d41d8cd98f00b204e9800998ecf8427e", ["hash d41d8cd98f00b204e9800998ecf8427e"]],
    [`sha256 ${"0a1b".repeat(16)}`, [`hash ${"0a1b".repeat(16)}`]],
    ["ran run.sh and setup.py of archive.zip", []],
    ["version 1.2.3 of nothing", []],
    ["999.999.999.999 is no address", []],
    ["", []],
  ])("%j names %j", (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test("names a thing once", () => {
    expect(values("192.0.2.7 192.0.2.7 to 192.0.2.7")).toEqual(["ip 192.0.2.7"]);
  });

  test("names at most 64 things", () => {
    const text = Array.from({ length: 200 }, (_, i) => `192.0.2.${i}`).join(" ");
    expect(values(text)).toHaveLength(64);
  });

  test("is read up to a limit, and no address is cut in two by it", () => {
    expect(values(`${"x ".repeat(2_030)}192.0.2.7`)).toEqual(["ip 192.0.2.7"]);
    for (let before = 4_080; before < 4_100; before += 1) {
      const found = values(`${" ".repeat(before)}192.0.2.77 192.0.2.88`);
      expect(["ip 192.0.2.77", undefined]).toContain(found[0]);
    }
    expect(values(`${"x ".repeat(2_100)}192.0.2.7`)).toEqual([]);
    expect(values("x".repeat(16_384))).toEqual([]);
  });
});

/** Without these limits the library's patterns take seconds on such texts. */
describe("a hostile text", () => {
  test("has its overlong words left out", () => {
    expect(values(`http://example.com/${"a".repeat(300)} 192.0.2.7`)).toEqual(["ip 192.0.2.7"]);
    expect(values(`${"a".repeat(240)}.example.com`)).not.toEqual([]);
    expect(values(`${"a".repeat(250)}.example.com`)).toEqual([]);
  });

  test("has its words of many dots left out", () => {
    expect(values(`${"a.".repeat(16)}com`)).not.toEqual([]);
    expect(values(`${"a.".repeat(17)}com 192.0.2.7`)).toEqual(["ip 192.0.2.7"]);
  });

  test("gives entities that stand in it, whatever it is", () => {
    const word = fc.oneof(
      fc.string({ unit: character }),
      fc.constantFrom(
        "192.0.2.7",
        "a@b.com",
        "http://[::1]/",
        "[.]",
        "..",
        "@",
        "::",
        "xn--",
        "%00",
        "\u202e",
      ),
      fc.string({ unit: fc.constantFrom(..."0123456789abcdef.:/@-[]%"), maxLength: 60 }),
    );
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 12 }),
        fc.constantFrom(" ", "\n", "", ","),
        (words, between) => {
          const entities = extractEntities(words.join(between));
          expect(entities.length).toBeLessThanOrEqual(64);
          for (const { value } of entities) {
            expect(value.length).toBeGreaterThan(0);
            expect(value.length).toBeLessThanOrEqual(1_024);
            expect(value.isWellFormed()).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
