import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PlacedEntry, packChunk, unpackChunk } from "../../server/intake/chunk.ts";
import { type EntryHeader, readEntry, readPlace } from "../../server/intake/entry.ts";
import { character } from "./intake-of.ts";

const header = (change: Partial<EntryHeader> = {}): EntryHeader => ({
  format: "alert",
  type: "json",
  actorId: "sender",
  ceiling: null,
  ...change,
});
const alert = (title: string) => ({ source: "edge", rule: "r1", title, severity: "low" });
const entry = (value: unknown, change: Partial<EntryHeader> = {}) => ({
  header: header(change),
  body: Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
});
const codes = (readings: ReturnType<typeof readEntry>) =>
  readings.map((reading) => reading.reject?.code ?? reading.alert?.title);

describe("a chunk", () => {
  test("gives every entry back, byte for byte", async () => {
    const text = fc.string({ unit: character });
    const body = fc.oneof(
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      text.map((given) => Buffer.from(given)),
    );
    const placed: fc.Arbitrary<PlacedEntry> = fc.record({
      header: fc.record({
        format: fc.constantFrom("alert", "wazuh", "auto"),
        type: fc.constantFrom("json", "ndjson", "text"),
        actorId: text,
        ceiling: fc.constantFrom(null, "high"),
      }),
      body,
      base: fc.nat(1_000_000),
      places: fc.nat(10_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(placed, { maxLength: 8 }), async (entries) => {
        const { bytes, rawBytes } = await packChunk(entries);
        expect(await unpackChunk(bytes)).toEqual(entries);
        expect(rawBytes).toBeGreaterThanOrEqual(entries.reduce((sum, one) => sum + one.body.length, 0));
      }),
      { numRuns: 25 },
    );
  });

  test("of a flood of the same is a fraction of it", async () => {
    const body = entry(Array.from({ length: 5_000 }, () => alert("again"))).body;
    const { bytes } = await packChunk([{ header: header(), body, base: 0, places: 5_000 }]);
    expect(bytes.length).toBeLessThan(body.length / 50);
  });
});

describe("an entry", () => {
  test("reads into one place for each record, good or bad", () => {
    const readings = readEntry(entry([alert("a"), { title: "b" }, alert("c"), 5]));
    expect(codes(readings)).toEqual(["a", "invalid_alert", "c", "invalid_alert"]);
  });

  test("keeps the canonical alert strict about NUL and half a pair, behind an escape or not", () => {
    const odd = [alert("a"), alert("b\0"), alert("\ud800"), { ...alert("d"), more: { "\0": 1 } }];
    const expected = ["a", "nul_character", "lone_surrogate", "nul_character"];
    expect(codes(readEntry(entry(odd)))).toEqual(expected);
    const lines = odd.map((one) => JSON.stringify(one)).join("\n");
    expect(codes(readEntry(entry(lines, { type: "ndjson" })))).toEqual(expected);
  });

  test("of a format to be found out reads each record by its own", () => {
    const posted = { labels: { alertname: "Disk" }, startsAt: "2026-11-23T12:00:00Z" };
    const readings = readEntry(entry([alert("a"), posted, { some: "thing" }], { format: "auto" }));
    expect(codes(readings).slice(0, 1)).toEqual(["a"]);
    expect(readings[1]?.alert?.source).toBe("alertmanager");
    expect(readings[2]?.reject?.code).toBe("unknown_format");
  });

  test("may hold 10,000 alerts, also where one record holds them all", () => {
    const webhook = (count: number) => {
      const alerts = Array.from({ length: count }, (_, i) => ({ labels: { alertname: `a${i}` } }));
      return entry({ receiver: "x", status: "firing", alerts }, { format: "alertmanager" });
    };
    expect(readEntry(webhook(10_000))).toHaveLength(10_000);
    expect(() => readEntry(webhook(10_001))).toThrow("a request may hold at most 10000 alerts");
  });

  test("reads the same way each time", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.string().map(alert)), { maxLength: 6 }), (records) => {
        const one = entry(records, { format: "auto" });
        expect(readEntry(one)).toEqual(readEntry(one));
      }),
      { numRuns: 50 },
    );
  });
});

describe("a place", () => {
  const body =
    ' [ {"source":"edge", "rule":"r1","title":"caf\\u00e9","severity":"low"},5, {"source":"edge","rule":"r1","title":"é 1.0","severity":"low","raw":1.0} ] ';

  test("gives its alert with the exact text it came in", () => {
    const first = readPlace(entry(body), 0);
    expect(first?.original.toString()).toBe(
      '{"source":"edge", "rule":"r1","title":"caf\\u00e9","severity":"low"}',
    );
    expect(first?.alert.title).toBe("café");
    expect(readPlace(entry(body), 2)?.original.toString()).toContain('"raw":1.0}');
    expect(first?.format).toBe("alert");
  });

  test("that holds no alert gives nothing", () => {
    for (const place of [1, 3, -1]) expect(readPlace(entry(body), place)).toBeNull();
  });

  test("of a record that holds several alerts gives the whole record", () => {
    const webhook = {
      receiver: "x",
      groupLabels: {},
      alerts: [{ labels: { alertname: "a" } }, { labels: {} }, { labels: { alertname: "c" } }],
    };
    const one = entry([webhook, alert("last")], { format: "auto" });
    expect([0, 1, 2, 3].map((place) => readPlace(one, place)?.alert.title)).toEqual([
      "a",
      undefined,
      "c",
      "last",
    ]);
    expect(readPlace(one, 2)).toMatchObject({ format: "alertmanager" });
    expect(readPlace(one, 2)?.original.toString()).toBe(JSON.stringify(webhook));
  });

  test("of any body is what reading all of it gives", () => {
    const record = fc.oneof(fc.string({ unit: character }).map(alert), fc.constant(5));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), fc.constantFrom("json", "ndjson"), (records, type) => {
        const lines = records.map((one) => JSON.stringify(one));
        const one = entry(type === "json" ? JSON.stringify(records, null, 1) : lines.join("\r\n"), { type });
        for (const [place, { alert: read }] of readEntry(one).entries()) {
          const found = readPlace(one, place);
          expect(found?.alert).toEqual(read);
          if (found !== null) expect(JSON.parse(found.original.toString())).toEqual(records[place]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
