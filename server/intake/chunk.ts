import { promisify } from "node:util";
import { deflateRaw, deflateRawSync, inflateRaw } from "node:zlib";
import type { Entry } from "./entry.ts";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Compressed faster than another thread is woken for it. */
const smallBytes = 64 * 1024;

/** An entry in a chunk with the places it takes there. */
export interface PlacedEntry extends Entry {
  /** Place of its first alert in the chunk. */
  base: number;
  /** Places it takes, rejected alerts included. */
  places: number;
}

/**
 * Entries framed as `u32 header length, header JSON, u32 body length, body`, deflated as one. Level 1: a flood
 * repeats itself, and intake waits for this.
 */
export async function packChunk(entries: PlacedEntry[]): Promise<{ bytes: Buffer; rawBytes: number }> {
  const parts: Buffer[] = [];
  for (const { header, body, base, places } of entries) {
    const head = Buffer.from(JSON.stringify({ ...header, base, places }));
    parts.push(length(head), head, length(body), body);
  }
  const raw = Buffer.concat(parts);
  const options = { level: 1 };
  const bytes = raw.length < smallBytes ? deflateRawSync(raw, options) : await deflate(raw, options);
  return { bytes, rawBytes: raw.length };
}

export async function unpackChunk(bytes: Buffer): Promise<PlacedEntry[]> {
  const raw = await inflate(bytes);
  const entries: PlacedEntry[] = [];
  for (let at = 0; at < raw.length; ) {
    const headEnd = at + 4 + raw.readUInt32LE(at);
    const { base, places, ...header } = JSON.parse(raw.toString("utf8", at + 4, headEnd));
    const bodyEnd = headEnd + 4 + raw.readUInt32LE(headEnd);
    entries.push({ header, base, places, body: raw.subarray(headEnd + 4, bodyEnd) });
    at = bodyEnd;
  }
  return entries;
}

function length(part: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(part.length);
  return bytes;
}
