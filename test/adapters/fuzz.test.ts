import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { plainAlert } from "../../server/adapters/plain-alert.ts";
import { adapterFor, detectFormat } from "../../server/adapters/registry.ts";
import { isRecord } from "../../server/adapters/text-field.ts";
import { findOddity } from "../../server/adapters/well-formed.ts";
import { AlertInput, type Format, formats, limits } from "../../shared/alert.ts";
import { fixtureRecords, fixturesOf, read } from "./fixture-records.ts";

/** A night's run: `QUIETWATCH_FUZZ=50 npx vitest run --project unit test/adapters/fuzz.test.ts`. */
const times = Number(process.env.QUIETWATCH_FUZZ ?? 1);
const timeout = 120_000 * times;

const recordsOf = new Map(
  formats.map((format) => [format, fixturesOf[format].flatMap(fixtureRecords)] as const),
);
const allRecords = [...recordsOf.values()].flat();

type Path = readonly string[];

function pathsOf(node: unknown, path: Path = []): Path[] {
  if (typeof node !== "object" || node === null) return [path];
  return [path, ...Object.entries(node).flatMap(([name, item]) => pathsOf(item, [...path, name]))];
}

const inside = (node: unknown, name: string): unknown =>
  typeof node === "object" && node !== null && Object.hasOwn(node, name)
    ? Reflect.get(node, name)
    : undefined;

/** A copy with another value at a path, as JSON would hold it: also under a name such as `__proto__`. */
function replaced(node: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const item = replaced(inside(node, name), rest, by);
  if (Array.isArray(node)) return node.map((one: unknown, index) => (String(index) === name ? item : one));
  return Object.fromEntries([...(isRecord(node) ? Object.entries(node) : []), [name, item]]);
}

/** The names that records of all formats have, so that one format meets what another means. */
const names = [...new Set(allRecords.flatMap((record) => pathsOf(record).flat()))];
const polluting = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then"];
const name = fc.oneof(fc.constantFrom(...names), fc.constantFrom(...polluting), fc.string({ maxLength: 8 }));
const number = fc.oneof(
  fc.constantFrom(0, -0, -1, 2 ** 53, 2 ** 53 + 2, 1e21, -1e308, 1e308 * 10, 5e-324, 1.7954352001234568e18),
  fc.double(),
  fc.integer(),
);
const time = fc.constantFrom(
  ...["9999-12-31T23:59:59.999Z", "1601-01-01T00:00:00Z", "2016-12-31T23:59:60Z", "2026-11-23T24:00:00Z"],
  ...["0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "+275760-09-13T00:00:00Z", "2026-11-23 12:00:00+99:99"],
  ...["253402300799999", "9223372036854775807", "1e400", "0"],
);
const text = fc.oneof(
  time,
  fc.constantFrom(...names, ...polluting),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom(
    "\0",
    "\ud800",
    "\udc00\ud800",
    "\u202e",
    "x".repeat(2_000),
    "🐟".repeat(600),
    "[[[",
    '{"a":',
  ),
  fc.constantFrom(
    "::ffff:192.0.2.1",
    "[fe80::1%eth0]:443",
    "arn:aws:iam::1:role/a",
    "a@b@c",
    "-",
    "%00",
    "\\|",
  ),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    number,
    fc.constantFrom(null, true, false, "", [], {}),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    fc.constantFrom(...allRecords),
  ),
}));

/** A record of the format with parts of it replaced, or with parts that are new to it. */
function mutated(format: Format): fc.Arbitrary<unknown> {
  return fc.constantFrom(...(recordsOf.get(format) ?? [])).chain((record) => {
    const path = fc
      .tuple(fc.constantFrom(...pathsOf(record)), fc.array(name, { maxLength: 1 }))
      .map(([known, added]) => [...known, ...added]);
    return fc
      .array(fc.tuple(path, value), { minLength: 1, maxLength: 4 })
      .map((changes) => changes.reduce((node, [at, by]) => replaced(node, at, by), record));
  });
}

function expectSound(format: Format, record: unknown): void {
  const before = JSON.stringify(record);
  const readings = read(format, record);
  for (const { alert, reject } of readings) {
    if (alert === undefined) {
      expect(reject.message.length).toBeLessThan(300);
      continue;
    }
    const { hints, ...input } = alert;
    expect(v.is(AlertInput, input) || v.safeParse(AlertInput, input).issues).toBe(true);
    expect(findOddity(alert)).toBeUndefined();
    expect(Object.values(hints ?? {}).every((hint) => ["string", "boolean"].includes(typeof hint))).toBe(
      true,
    );
  }
  expect(read(format, record)).toEqual(readings);
  expect(JSON.stringify(record)).toBe(before);
}

/** What any object would have if one of the names had reached their common ancestor. */
const inherited = () => [Object.prototype, Array.prototype].map((one) => Object.getOwnPropertyNames(one));

describe("whatever JSON comes as a record", () => {
  const clean = inherited();

  test.each(formats)(
    "%s makes alerts within the limits or rejects of it, the same ones twice",
    (format) => {
      fc.assert(
        fc.property(fc.oneof({ weight: 4, arbitrary: mutated(format) }, value), (record) => {
          expectSound(format, record);
        }),
        { numRuns: 250 * times },
      );
      expect(inherited()).toEqual(clean);
      expect(Reflect.get({}, "polluted")).toBeUndefined();
    },
    timeout,
  );

  test.each(formats)(
    "%s is not changed by names that belong to every object, wherever they are",
    (format) => {
      for (const record of recordsOf.get(format) ?? []) {
        for (const path of pathsOf(record)) {
          if (!isRecord(path.reduce(inside, record))) continue;
          const evil = polluting.slice(0, 3).map((own) => [own, { polluted: "yes", length: 9 }] as const);
          const spoilt = evil.reduce<unknown>(
            (node, [own, by]) => replaced(node, [...path, own], by),
            record,
          );
          expectSound(format, JSON.parse(JSON.stringify(spoilt)));
        }
      }
      expect(Reflect.get({}, "polluted")).toBeUndefined();
      expect(inherited()).toEqual(clean);
    },
  );

  test.each(formats)(
    "%s takes nothing at its word that claims to be a text, a number or a list",
    (format) => {
      const liar = JSON.parse('{"toString":"x","valueOf":null,"length":9,"then":1,"toJSON":1,"map":2}');
      for (const record of recordsOf.get(format) ?? []) {
        for (const path of pathsOf(record)) {
          for (const lie of [liar, [liar], { 0: liar, length: 1 }]) {
            const spoilt = replaced(record, path, lie);
            expect([null, ...formats]).toContain(detectFormat(spoilt));
            expectSound(format, spoilt);
          }
        }
      }
    },
  );

  test("its format is found out without a throw", () => {
    const any = fc.oneof(value, ...formats.map(mutated));
    fc.assert(
      fc.property(any, (record) => {
        expect([null, ...formats]).toContain(detectFormat(record));
      }),
      { numRuns: 500 * times },
    );
  });
});

describe("a look at an alert's fields", () => {
  const upTo = (most: number) => fc.constantFrom(1, 2, most - 1, most).map((length) => "é".repeat(length));
  const entity = {
    type: fc.constantFrom("ip", "host", "email"),
    value: upTo(limits.entityValue),
    role: fc.constantFrom("actor", "target"),
  };
  const required = {
    source: upTo(limits.source),
    rule: upTo(limits.rule),
    title: upTo(limits.title),
    severity: fc.constantFrom("low", "critical"),
  };
  const optional = {
    environment: upTo(limits.environment),
    service: upTo(limits.service),
    dedupKey: upTo(limits.dedupKey),
    description: upTo(limits.description),
    occurredAt: fc.constantFrom("2026-11-23T12:00:00Z", "1601-01-01t00:00z", "9999-12-31 23:59:59.999+01:00"),
    status: fc.constantFrom("firing", "resolved"),
    entities: fc.array(fc.record(entity, { requiredKeys: ["type", "value"], noNullPrototype: true }), {
      maxLength: 2,
    }),
    labels: fc.dictionary(upTo(limits.labelName), upTo(limits.labelValue), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  };
  const plain = fc.record(
    { ...required, ...optional },
    { requiredKeys: ["source", "rule", "title", "severity"], noNullPrototype: true },
  );
  const beyond = fc
    .constantFrom(
      ...[0, 4, 64, 128, 256, 512, 1_024, 2_048, 16_384].flatMap((length) => [length, length + 1]),
    )
    .map((length) => "é".repeat(length));
  const oddOne = fc.oneof(beyond, value, fc.constant(undefined));
  const place = fc.oneof(
    fc
      .constantFrom(...Object.keys({ ...required, ...optional }), "raw", "links", "techniques")
      .map((key) => [key]),
    fc.constantFrom(["entities", "0", "value"], ["entities", "0", "role"], ["entities", "0", "more"]),
    fc.tuple(fc.constant("labels"), fc.oneof(name, beyond)),
    name.map((key) => [key]),
  );
  const spoilt = fc.tuple(plain, place, oddOne).map(([record, at, by]) => replaced(record, at, by));

  test("takes nothing that the schema does not take, and as the schema gives it", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(plain, spoilt, mutated("alert")), (record) => {
        const found = isRecord(record) ? plainAlert(record) : null;
        if (found === null) return;
        taken += 1;
        expect(v.parse(AlertInput, record)).toStrictEqual(found);
      }),
      { numRuns: 2_000 * times },
    );
    expect(taken).toBeGreaterThan(500 * times);
  });

  test("takes as many labels and entities as the schema, and no more", () => {
    const least = { source: "s", rule: "r", title: "t", severity: "low" };
    const labelled = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, "v"]));
    const named = (count: number) => Array.from({ length: count }, () => ({ type: "ip", value: "a" }));
    expect(plainAlert({ ...least, labels: labelled(64), entities: named(128) })).not.toBeNull();
    expect(plainAlert({ ...least, labels: labelled(65) })).toBeNull();
    expect(plainAlert({ ...least, entities: named(129) })).toBeNull();
  });
});

describe("the time that a record takes", () => {
  const hostilePieces = [
    ...[
      " ",
      "a@",
      "1.1.",
      "::",
      "a/",
      "\\|",
      '"',
      "[{",
      "\n",
      "a=' ",
      "a-b ",
      "http://",
      "4141",
      "(a",
      ", ",
      "%25",
    ],
    ...[
      "x->",
      "type=A msg=audit(1.1:1): a=1\n",
      "** Alert 1.1: - a\n",
      "9",
      "\0",
      "\ud800",
      "<a ",
      "T1110 ",
      "a;b:",
    ],
  ];
  const filled = (piece: string, size: number) => `${piece.repeat(size / piece.length)}x`;
  const isList = (node: unknown) => Array.isArray(node);

  /** Where the format's records have what is asked for, a list's items once. */
  function placesOf(format: Format, isWanted: (node: unknown) => boolean): { record: unknown; path: Path }[] {
    const places = new Map<string, { record: unknown; path: Path }>();
    for (const record of recordsOf.get(format) ?? []) {
      for (const path of pathsOf(record)) {
        const key = path.map((step) => (/^\d+$/.test(step) ? "#" : step)).join(".");
        if (!places.has(key) && isWanted(path.reduce(inside, record))) places.set(key, { record, path });
      }
    }
    return [...places.values()];
  }

  function readAll(format: Format, record: unknown): void {
    detectFormat(record);
    const cut = typeof record === "string" ? adapterFor(format).textRecords : undefined;
    if (typeof record !== "string" || cut === undefined) read(format, record);
    else for (const span of cut(record)) read(format, record.slice(...span));
  }

  /** The shortest of some tries, in ms: other work of the machine only ever adds. */
  function timeOf(run: () => void, mayTake: number): number {
    let shortest = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 3 && shortest > mayTake; tries += 1) {
      const start = performance.now();
      run();
      shortest = Math.min(shortest, performance.now() - start);
    }
    return shortest;
  }

  test.each(formats)(
    "%s grows with a hostile text in one of its fields no faster than with a plain one",
    (format) => {
      const places = placesOf(format, (node) => typeof node === "string");
      const most = Math.min(places.length, 16 * times);
      for (let i = 0; i < most; i += 1) {
        const { record, path } = places[Math.floor((i * places.length) / most)] ?? { record: null, path: [] };
        const piece = hostilePieces[Math.floor(Math.random() * hostilePieces.length)] ?? " ";
        // What is not proportional shows at the smaller sizes, and would take hours at the last.
        for (const size of [32 * 1_024, 128 * 1_024, 1_024 * 1_024]) {
          const reading = (text: string) => () => readAll(format, replaced(record, path, text));
          const plain = timeOf(reading(filled("x", size)), 0);
          const allowed = 100 + size / 700 + 60 * plain;
          const taken = timeOf(reading(filled(piece, size)), allowed);
          expect([path, piece, size, taken > allowed ? taken : 0]).toEqual([path, piece, size, 0]);
        }
      }
    },
    timeout,
  );

  const words = Array.from({ length: 130_000 }, (_, index) => `v${index}`);
  test.each(formats)(
    "%s reads a list of 130,000 wherever it has one, without a throw",
    (format) => {
      for (const { record, path } of placesOf(format, isList)) {
        expect(read(format, replaced(record, path, words)).length).toBeLessThanOrEqual(
          limits.alertsPerRequest + 1,
        );
      }
    },
    timeout,
  );
});
