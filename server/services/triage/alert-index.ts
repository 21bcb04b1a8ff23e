import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Where the alerts of one stretch of the log went. */
export interface IndexPayload {
  /** Group ids; places refer to them by position. */
  groups: string[];
  /** By group: the stretch that holds its next older alerts. */
  previous: (string | null)[];
  /** Positions of groups that began here. */
  created: number[];
  /** By chunk: for each place the position of its group, -1 where the alert was rejected. */
  chunks: { id: string; places: number[] }[];
}

export async function packIndex(payload: IndexPayload): Promise<Buffer> {
  return deflate(JSON.stringify(payload), { level: 1 });
}

/** Reads what `packIndex` wrote. */
export async function unpackIndex(bytes: Buffer): Promise<IndexPayload> {
  return JSON.parse((await inflate(bytes)).toString("utf8"));
}
