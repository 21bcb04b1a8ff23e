import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adapterFor } from "../../server/adapters/registry.ts";
import { cutRecords } from "../../server/cli/cut-records.ts";
import { cutText } from "../../server/cli/cut-text.ts";
import type { Piece } from "../../server/cli/piece-collector.ts";
import { sendBatches } from "../../server/cli/send-batches.ts";
import type { Format } from "../../shared/alert.ts";

const fixture = (path: string) => readFileSync(new URL(`../fixtures/${path}`, import.meta.url));
const logs = [
  ["auditd", fixture("auditd/audit.log")],
  ["ossec", fixture("ossec/alerts.log")],
] as const;

async function* inParts(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

function cutterOf(format: Format) {
  const cut = adapterFor(format).textRecords;
  if (cut === undefined) throw new Error(`${format} has no text`);
  return cut;
}

const piecesOf = (format: Format, bytes: Buffer, size = 64, most = 1e6): Promise<Piece[]> =>
  all(cutText(inParts(bytes, size), cutterOf(format), most));

describe.each(logs)("a log of %s", (format, bytes) => {
  it("is cut into the same records whatever the parts it is read in", async () => {
    const text = bytes.toString("utf8");
    const expected = cutterOf(format)(text).map((span) => text.slice(...span));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4_000 }), async (size) => {
        const pieces = await piecesOf(format, bytes, size);
        expect(pieces.map((piece) => piece.text)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it("names for each record the line that it begins on", async () => {
    const lines = bytes.toString("utf8").split("\n");
    for (const { line, text } of await piecesOf(format, bytes)) {
      expect(lines[line]).toBe(text?.split("\n")[0]);
    }
  });

  it("goes to the server as text, record by record", async () => {
    const batches = await all(sendBatches(inParts(bytes, 999), format));
    expect(batches).toHaveLength(1);
    const [batch] = batches;
    if (batch === undefined || "why" in batch) throw new Error("not one batch");
    expect(batch.contentType).toBe("text/plain; charset=utf-8");
    expect(cutterOf(format)(batch.body)).toHaveLength(batch.lines.length);
    expect(batch.lines).toHaveLength((await piecesOf(format, bytes)).length);
  });
});

it("what begins as JSON is JSON", async () => {
  for (const [text, kind] of [
    [' \ufeff[{"a":1}]', "array"],
    ['\n{"a":1}', "lines"],
    ["type=X msg=", "text"],
    ["", "text"],
  ] as const) {
    expect((await cutRecords("auditd", inParts(Buffer.from(text), 1))).kind).toBe(kind);
  }
  expect((await cutRecords("wazuh", inParts(Buffer.from("type=X"), 1))).kind).toBe("lines");
  expect((await cutRecords(null, inParts(Buffer.from("type=X"), 1))).kind).toBe("lines");
});

it("a byte order mark is no part of the first record, and CRLF none of the last", async () => {
  const [piece, ...more] = await piecesOf("ossec", Buffer.from("\ufeff** Alert 1.2: - a,\r\nb\r\n\r\n"), 8);
  expect(piece).toEqual({ line: 0, text: "** Alert 1.2: - a,\r\nb" });
  expect(more).toEqual([]);
});

it("a record that is too long or no UTF-8 is named, and the next is read", async () => {
  const bytes = Buffer.concat([
    Buffer.from("** Alert 1.1: - a,\n"),
    Buffer.from([0xff, 0x0a]),
    Buffer.from(`** Alert 1.2: - a,\n${"x".repeat(400)}\n** Alert 1.3: - a,\nc\n`),
  ]);
  const pieces = await piecesOf("ossec", bytes, 50, 300);
  expect(pieces.at(0)).toEqual({ line: 0, text: null, why: "not valid UTF-8" });
  expect(pieces.at(1)).toMatchObject({ line: 2, text: null, why: "longer than 300 bytes" });
  expect(pieces.at(-1)?.text).toBe("** Alert 1.3: - a,\nc");
});
