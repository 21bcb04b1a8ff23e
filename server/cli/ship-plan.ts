import { limits } from "../../shared/alert.ts";
import { type CutOptions, cutBatch, type ShipBatch } from "./ship-batch.ts";
import { lineEndAfter, type Place } from "./ship-place.ts";

/** A batch and the first bytes it was cut from. */
export interface Plan {
  batch: ShipBatch;
  start: Buffer;
}

const windowBytes = limits.bodyBytes / 8;
const longestBytes = limits.bodyBytes;
const startBytes = 1_024;

/** The next batch of a file; null while no record is whole. Holds one stretch of it in memory, however long it is. */
export async function nextPlan({ source, position }: Place, options: CutOptions): Promise<Plan | null> {
  const { offset } = position;
  for (let length = windowBytes; length <= longestBytes; length *= 2) {
    const bytes = await source.read(offset, length);
    const isAll = bytes.length < length;
    const batch = cutBatch(bytes, offset, {
      ...options,
      isFinal: options.isFinal && isAll,
      isQuiet: options.isQuiet && isAll,
    });
    if (batch !== null) return { batch, start: bytes.subarray(0, startBytes) };
    if (isAll) return null;
  }
  const end = (await lineEndAfter(source, offset)) ?? (options.isFinal ? await source.size() : null);
  if (end === null) return null;
  return { batch: leftOut(offset, end), start: await source.read(offset, startBytes) };
}

/** The batch that was on its way, out of the same bytes. */
export async function repeatedPlan(
  { source, position }: Place,
  to: number,
  options: CutOptions,
): Promise<Plan> {
  const { offset } = position;
  const bytes = await source.read(offset, to - offset);
  const batch = cutBatch(bytes, offset, { ...options, isFinal: true, mostRecords: Number.POSITIVE_INFINITY });
  return { batch: batch ?? leftOut(offset, to), start: bytes.subarray(0, startBytes) };
}

/** The same content still stands where the plan was made, and it was not cut off in between. */
export async function isIntact({ source, position }: Place, start?: Buffer): Promise<boolean> {
  const { offset, mark } = position;
  if ((await source.size()) < offset || (await source.markBefore(offset)) !== mark) return false;
  return start === undefined || (await source.read(offset, start.length)).equals(start);
}

function leftOut(from: number, to: number): ShipBatch {
  const message = `${(to - from).toLocaleString("en")} bytes without a line end are left out`;
  const remarks = [{ offset: from, message }];
  return { from, to, body: Buffer.alloc(0), contentType: "", offsets: [], remarks };
}
