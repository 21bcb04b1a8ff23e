import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { Reading } from "../../server/adapters/adapter.ts";
import { readAitCsvLine } from "../../server/adapters/ait-csv.ts";
import { findOddity } from "../../server/adapters/well-formed.ts";
import { AlertInput, type Format, formats } from "../../shared/alert.ts";
import { failureStatus } from "../../shared/failure.ts";
import { fixtureRecords, fixturesOf, read } from "./fixture-records.ts";

const hostile = fc.constantFrom(
  "=cmd|' /C calc'!A0",
  "<script>alert(1)</script>",
  "\u202egnp.exe",
  "\0",
  "\ud800",
  "🐟".repeat(9_000),
  "x".repeat(20_000),
  "__proto__",
  "(a+)+$",
  "javascript:alert(1)",
  "18446744073709551615",
  "9999-99-99T99:99:99Z",
  "127.0.0.1:99999",
  "",
);
const value = fc.oneof(hostile, fc.jsonValue({ maxDepth: 4 }), fc.double(), fc.constant(null));

type Path = readonly (string | number)[];

function pathsOf(node: unknown, path: Path = []): Path[] {
  if (typeof node !== "object" || node === null) return [path];
  const inner = Object.entries(node).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return [path, ...inner];
}

function inside(node: unknown, name: string | number): unknown {
  return typeof node === "object" && node !== null ? Reflect.get(node, name) : undefined;
}

/** A copy with the value at the path replaced; a list that an earlier change made shorter gets no holes, as in JSON. */
function replaced(node: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(node) && !(Number(name) < node.length)) return node;
  const copy: unknown = structuredClone(node);
  if (typeof copy === "object" && copy !== null)
    Reflect.set(copy, name, replaced(Reflect.get(copy, name), rest, by));
  return copy;
}

/** A real record with one to three of its places spoilt: deeper into an adapter than any value from nowhere. */
function spoilt(format: Format): fc.Arbitrary<unknown> {
  const records = fixturesOf[format].flatMap(fixtureRecords);
  return fc.constantFrom(...records).chain((record) => {
    const change = fc.tuple(fc.constantFrom(...pathsOf(record)), value);
    return fc
      .array(change, { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce((node, [path, by]) => replaced(node, path, by), record));
  });
}

function expectFit(readings: readonly Reading[]): void {
  for (const { alert, reject } of readings) {
    if (reject) {
      expect(failureStatus[reject.code]).toBe(422);
      expect(reject.message).toMatch(/^[^:]+: ./s);
      expect(reject.message.length).toBeLessThan(300);
      expect(findOddity(reject.message)).toBeUndefined();
      continue;
    }
    const { hints, ...input } = alert;
    expect(v.safeParse(AlertInput, input).issues).toBeUndefined();
    expect(findOddity(alert)).toBeUndefined();
    expect((alert.links ?? []).filter(({ href }) => !/^https?:\/\//i.test(href))).toEqual([]);
    expect(hints?.runbookUrl ?? "https://").toMatch(/^https?:\/\//i);
  }
}

describe.each(formats)("%s", (format) => {
  test("reads any JSON value without throwing, into alerts that fit or rejects that say why", () => {
    fc.assert(
      fc.property(value, (record) => expectFit(read(format, record))),
      { numRuns: 300 },
    );
  });

  test("reads its own records, spoilt, the same way twice", () => {
    fc.assert(
      fc.property(spoilt(format), (record) => {
        const before = structuredClone(record);
        const readings = read(format, record);
        expectFit(readings);
        expect(read(format, structuredClone(before))).toEqual(readings);
        expect(record).toEqual(before);
      }),
      { numRuns: 400 },
    );
  });

  test("rejects no record for a NUL or half a pair in its texts, unless it is a canonical alert", () => {
    const texts = fixturesOf[format].flatMap(fixtureRecords).flatMap((record) =>
      pathsOf(record).flatMap((path) => {
        const text = path.reduce(inside, record);
        return typeof text === "string" ? [replaced(record, path, `${text}\0\ud800`)] : [];
      }),
    );
    const codes = texts.flatMap((record) => read(format, record)).map(({ reject }) => reject?.code ?? "");
    const odd = codes.filter((code) => code === "nul_character" || code === "lone_surrogate");
    expect(odd.length > 0).toBe(format === "alert");
  });

  test("gives every entity a role and every native alert a detector", () => {
    for (const record of fixturesOf[format].flatMap(fixtureRecords)) {
      for (const { alert } of read(format, record)) {
        expect(alert).toBeDefined();
        const without = (alert?.entities ?? []).filter(({ role }) => role === undefined);
        expect(format === "alert" ? [] : without).toEqual([]);
      }
    }
  });

  test("rejects what is nested too deep", () => {
    const [record] = fixturesOf[format].flatMap(fixtureRecords);
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`);
    const [reading] = read(format, Object.assign({}, record, { deep }));
    expect(reading?.reject?.code).toBe("nested_too_deep");
  });
});

test("a line of CSV is read without throwing, whatever it holds", () => {
  const name = fc.tuple(
    fc.constantFrom("Wazuh: ", "Suricata: Alert - ", "AMiner: ", ""),
    fc.string(),
    hostile,
  );
  const line = fc.tuple(
    fc.constantFrom("1795435200", "-1", "1e99"),
    name.map((parts) => parts.join("")),
    hostile,
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        line.map((cells) => cells.join(",")),
      ),
      (text) => expectFit([readAitCsvLine(text)]),
    ),
  );
});
