import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adapterFor } from "../../server/adapters/registry.ts";
import { passingStatus, retryWait } from "../../server/cli/retry-wait.ts";
import { type CutOptions, cutBatch, type ShipBatch } from "../../server/cli/ship-batch.ts";
import { isRotated } from "../../server/cli/ship-generations.ts";

const json: CutOptions = { text: null, only: null, isFinal: false, isQuiet: false, mostRecords: 1_000 };
const textOf = (format: "ossec" | "auditd") => adapterFor(format).textRecords ?? null;
const ossec: CutOptions = { ...json, text: textOf("ossec") };
const auditd: CutOptions = { ...json, text: textOf("auditd") };

const ossecAlert = (n: number) =>
  `** Alert 1795435200.${n}: - syslog,\n2026 Nov 23 12:00:00 web-1->/var/log/auth.log\nRule: 5716 (level 5) -> 'Failed.'\nline ${n}\n\n`;
const auditEvent = (n: number, lines: number) =>
  Array.from(
    { length: lines },
    (_, i) => `type=PATH msg=audit(1795435200.100:${n}): item=${i} name="/x"\n`,
  ).join("");

/** All batches of a text that grows in pieces, as a file does. */
function batchesOf(text: Buffer, pieces: readonly number[], options: CutOptions): ShipBatch[] {
  const batches: ShipBatch[] = [];
  let offset = 0;
  for (const size of [...pieces, text.length]) {
    for (;;) {
      const isFinal = size === text.length;
      const batch = cutBatch(text.subarray(offset, size), offset, { ...options, isFinal });
      if (batch === null) break;
      batches.push(batch);
      offset = batch.to;
    }
  }
  return batches;
}

describe("lines of JSON", () => {
  it("go as they stand, without blank ones, and a last one that is not whole waits", () => {
    const batch = cutBatch(Buffer.from('{"a":1}\n\n \r\n{"b":2}\r\n{"c"'), 100, json);
    expect(batch).toMatchObject({ from: 100, to: 121, offsets: [100, 112], remarks: [] });
    expect(batch?.body.toString()).toBe('{"a":1}\n{"b":2}\r\n');
    expect(cutBatch(Buffer.from('{"c"'), 0, json)).toBeNull();
    expect(cutBatch(Buffer.from('{"c"'), 0, { ...json, isFinal: true })?.body.toString()).toBe('{"c"');
  });

  it("may be left out, and what is not UTF-8 or a hole of zeros is mended", () => {
    const bytes = Buffer.from([...Buffer.from('\0\0\0{"x":"'), 0xff, ...Buffer.from('"}\n{"y":1}\n')]);
    const batch = cutBatch(bytes, 0, { ...json, only: '"x"' });
    expect(batch?.body.toString()).toBe('{"x":"\ufffd"}\n');
    expect(batch).toMatchObject({ offsets: [0], to: bytes.length, remarks: [{ offset: 0 }] });
  });
});

describe("records of several lines", () => {
  const quiet = { isQuiet: true };

  it("wait for the next one, or for a pause after a whole line", () => {
    const one = ossecAlert(1);
    expect(cutBatch(Buffer.from(one), 0, ossec)).toBeNull();
    expect(cutBatch(Buffer.from(one), 0, { ...ossec, ...quiet })?.to).toBe(one.length);
    expect(cutBatch(Buffer.from(`${one}** Al`), 0, { ...ossec, ...quiet })).toBeNull();
    expect(cutBatch(Buffer.from(one + ossecAlert(2)), 0, ossec)?.to).toBe(one.length);
    const events = auditEvent(1, 3) + auditEvent(2, 2);
    expect(cutBatch(Buffer.from(events), 0, auditd)?.body.toString()).toBe(auditEvent(1, 3));
  });

  it("of the same format may be JSON too", () => {
    expect(cutBatch(Buffer.from('{"rule":{}}\n'), 0, ossec)?.contentType).toBe("application/x-ndjson");
  });

  it.each([
    ["ossec", ossec, (n: number) => ossecAlert(n)],
    ["auditd", auditd, (n: number) => auditEvent(n, 1 + (n % 4))],
  ] as const)(
    "%s: however the file grows and however few fit, none is cut and none is lost",
    (_name, options, record) => {
      const sizes = fc.array(fc.nat(4_000), { maxLength: 12 });
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 20 }),
          sizes,
          fc.integer({ min: 1, max: 5 }),
          (count, cuts, most) => {
            const records = Array.from({ length: count }, (_, i) => record(i + 1));
            const text = Buffer.from(records.join(""));
            const pieces = cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b);
            const batches = batchesOf(text, pieces, { ...options, mostRecords: most });
            expect(batches.map(({ body }) => body.toString()).join("")).toBe(text.toString());
            expect(batches.reduce((sum, { offsets }) => sum + offsets.length, 0)).toBe(count);
            for (const { from, to, body } of batches) {
              const again = cutBatch(text.subarray(from, to), from, {
                ...options,
                isFinal: true,
                mostRecords: Number.POSITIVE_INFINITY,
              });
              expect(again?.body.equals(body)).toBe(true);
            }
          },
        ),
      );
    },
  );
});

describe("names that rotations give", () => {
  it.each([
    ["eve.json.1", true],
    ["eve.json.12.gz", true],
    ["eve.json-20261123", true],
    ["eve.json-20261123-1795435200.gz", true],
    ["eve-20261123.json", true],
    ["eve.1.json", true],
    ["eve.json", false],
    ["eve.json.state", false],
    ["eve-archive.json", false],
    ["eve2.json", false],
    ["other.json.1", false],
  ])("%s: %s", (name, isOne) => {
    expect(isRotated(name, "eve.json")).toBe(isOne);
  });
});

describe("waiting for the server", () => {
  const answer = (retryAfter: string) => new Response(null, { headers: { "Retry-After": retryAfter } });
  const now = Date.parse("2026-11-23T12:00:00Z");

  it.each([
    ["seconds", answer("7"), 1, 7_000, 7_250],
    ["a date", answer("Mon, 23 Nov 2026 12:00:05 GMT"), 1, 5_000, 5_250],
    ["never longer than half a minute", answer("86400"), 1, 30_000, 30_250],
    ["without a word: at first", null, 1, 125, 250],
    ["later", null, 5, 2_000, 4_000],
    ["at last", null, 1_000, 15_000, 30_000],
    ["nonsense counts as no word", answer("soon"), 1, 125, 250],
  ])("%s", (_what, response, attempt, least, most) => {
    for (let i = 0; i < 50; i += 1) {
      const wait = retryWait(attempt, response, now);
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThanOrEqual(most);
    }
  });

  it("what passes is tried again, what does not is not", () => {
    expect([500, 502, 503, 504, 408, 425, 429].every(passingStatus)).toBe(true);
    expect([200, 202, 400, 401, 403, 413, 415, 422].some(passingStatus)).toBe(false);
  });
});
