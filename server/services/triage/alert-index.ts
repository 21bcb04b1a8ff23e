import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Where the alerts of one stretch of the log went. */
export interface IndexPayload<Places = number[]> {
  /** Group ids; places refer to them by position. */
  groups: string[];
  /** By group: the stretch that holds its next older alerts. */
  previous: (string | null)[];
  /** Positions of groups that began here. */
  created: number[];
  /** By chunk: for each place the position of its group, -1 where the alert was rejected. */
  chunks: { id: string; places: Places }[];
}

/** What stands in front: ids that repeat are named once, and the numbers follow as 32 bits each. */
interface Header {
  groups: number;
  stretches: string[];
  created: number[];
  chunks: { id: string; places: number }[];
}

const idBytes = 16;

/** `u32 header length, header JSON, group ids, previous (into stretches), places`, deflated as one. */
export async function packIndex(payload: IndexPayload<Int32Array>): Promise<Buffer> {
  const stretches = [...new Set(payload.previous.filter((id) => id !== null))];
  const at = new Map<string | null, number>(stretches.map((id, i) => [id, i]));
  const header: Header = {
    groups: payload.groups.length,
    stretches,
    created: payload.created,
    chunks: payload.chunks.map(({ id, places }) => ({ id, places: places.length })),
  };
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const ids = Buffer.from(payload.groups.join("").replaceAll("-", ""), "hex");
  const previous = Int32Array.from(payload.previous, (id) => at.get(id) ?? -1);
  const numbers = [previous, ...payload.chunks.map(({ places }) => places)].map(littleEndian);
  return deflate(Buffer.concat([length, head, ids, ...numbers]), { level: 1 });
}

/** Reads what `packIndex` wrote. */
export async function unpackIndex(bytes: Buffer): Promise<IndexPayload> {
  const raw = await inflate(bytes);
  let at = 4 + raw.readUInt32LE(0);
  const header: Header = JSON.parse(raw.toString("utf8", 4, at));
  const groups = Array.from({ length: header.groups }, (_, i) => uuidIn(raw, at + i * idBytes));
  at += header.groups * idBytes;
  const numbers = (count: number): number[] => {
    const read = Array.from({ length: count }, (_, i) => raw.readInt32LE(at + i * 4));
    at += count * 4;
    return read;
  };
  const previous = numbers(header.groups).map((one) => header.stretches[one] ?? null);
  const chunks = header.chunks.map(({ id, places }) => ({ id, places: numbers(places) }));
  return { groups, previous, created: header.created, chunks };
}

/** The machines that Node runs on keep numbers in this order. */
function littleEndian({ buffer, byteOffset, byteLength }: Int32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function uuidIn(raw: Buffer, at: number): string {
  const hex = raw.toString("hex", at, at + idBytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
