import { randomUUID } from "node:crypto";
import { type Generation, generationsOf } from "./ship-generations.ts";
import { openSource, type Source } from "./ship-source.ts";
import type { Position } from "./ship-state.ts";

/** An open file and how far it was sent. */
export interface Place {
  source: Source;
  position: Position;
}

/** The file a position was taken in, under whatever name it has now; null where it is not found. */
export async function findAgain(file: string, position: Position, scratch: string): Promise<Source | null> {
  const { offset, mark, pending } = position;
  const isSame = async (source: Source) =>
    (await source.markBefore(offset)) === mark &&
    (pending === null || (await source.markBefore(pending.to)) === pending.mark);
  const generations = (await generationsOf(file)).reverse();
  const isUntouched = offset === 0 && pending === null;
  const candidates = isUntouched ? generations.filter(({ id }) => id === position.id) : generations;
  for (const { path } of candidates) {
    const source = await openSource(path, scratch);
    if (source === null) continue;
    if (await isSame(source)) return source;
    await source.close();
  }
  return null;
}

/** What was written and put aside since nothing but the position was there, oldest first. */
export async function putAside(file: string, { id, seenMs }: Position): Promise<Generation | null> {
  const generations = await generationsOf(file);
  const isNew = (one: Generation) => one.bornMs > seenMs && one.modifiedMs > seenMs;
  return generations.find((one) => one.path !== file && one.id !== id && isNew(one)) ?? null;
}

/** The file that followed this one; null while there is none. */
export async function nextGeneration(file: string, source: Source): Promise<Generation | null> {
  const generations = await generationsOf(file);
  const at = generations.findIndex(({ id }) => id === source.id);
  if (at !== -1) return generations[at + 1] ?? null;
  const modifiedMs = await source.modifiedMs();
  return generations.find((one) => one.path === file || one.modifiedMs > modifiedMs) ?? null;
}

export async function beginAt(source: Source, offset: number): Promise<Place> {
  const mark = await source.markBefore(offset);
  const generation = randomUUID();
  return { source, position: { generation, id: source.id, offset, mark, seenMs: Date.now(), pending: null } };
}

const stepBytes = 64 * 1_024;

/** Where the last line that is whole ends. */
export async function lastLineEnd(source: Source): Promise<number> {
  for (let end = await source.size(); end > 0; end -= stepBytes) {
    const start = Math.max(0, end - stepBytes);
    const found = (await source.read(start, end - start)).lastIndexOf("\n");
    if (found !== -1) return start + found + 1;
  }
  return 0;
}

/** Where the line at `from` ends; null while it does not. */
export async function lineEndAfter(source: Source, from: number): Promise<number | null> {
  for (let start = from; ; start += stepBytes) {
    const bytes = await source.read(start, stepBytes);
    const found = bytes.indexOf("\n");
    if (found !== -1) return start + found + 1;
    if (bytes.length < stepBytes) return null;
  }
}
