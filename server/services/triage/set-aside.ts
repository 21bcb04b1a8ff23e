import { alertUuid } from "../../../shared/uuid.ts";
import type { Queryable } from "../../db/client.ts";
import { databaseError, isRefusal } from "../../db/failures.ts";
import { quarantine } from "../../db/quarantine-tables.ts";
import type { LogChunk } from "../../intake/log.ts";
import { type ApplyParts, applyLog, moveWatermark } from "./apply-log.ts";
import { firstRefused } from "./first-refused.ts";

/** Alerts that stay in the log and come into no group. */
export interface SetAside {
  /** The first of them. */
  alertId: string;
  alerts: number;
  error: string;
}

export interface AroundParts extends ApplyParts {
  now(): Date;
  /** Told of what was set aside, once that is committed. */
  setAside(aside: SetAside[]): void;
}

/**
 * Triages a stretch of the log. What cannot be triaged, whatever is tried, is found by halving, and set aside in the
 * transaction that takes the rest of its chunk. Whatever is wrong with the store itself is thrown.
 * @returns the new watermark
 */
export async function applyAround(parts: AroundParts, after: number, chunks: LogChunk[]): Promise<number> {
  try {
    return await applyLog(parts, after, chunks);
  } catch (error) {
    const [only] = chunks;
    if (!isRefusal(error) || only === undefined) throw error;
    if (chunks.length === 1) return applyWithout(parts, after, only, error);
    const half = Math.ceil(chunks.length / 2);
    const between = await applyAround(parts, after, chunks.slice(0, half));
    return applyAround(parts, between, chunks.slice(half));
  }
}

class TriedError extends Error {}

/** Does it all and takes it back; gives why it cannot be done, or null. */
async function tryOut(parts: ApplyParts, after: number, chunk: LogChunk): Promise<unknown> {
  try {
    await applyLog(parts, after, [chunk], () => {
      throw new TriedError();
    });
  } catch (error) {
    if (error instanceof TriedError) return null;
    if (isRefusal(error)) return error;
    throw error;
  }
  throw new Error("a trial was committed");
}

async function applyWithout(
  parts: AroundParts,
  after: number,
  chunk: LogChunk,
  refusal: unknown,
): Promise<number> {
  const aside = new Map<number, SetAside>();
  const upTo = (end: number): LogChunk => ({
    ...chunk,
    alerts: chunk.alerts.slice(0, end).filter(({ place }) => !aside.has(place)),
  });
  const attempt = (end: number) => tryOut(parts, after, upTo(end));
  for (let good = 0; ; ) {
    const found = await firstRefused(attempt, good, chunk.alerts.length);
    const place = found === null ? undefined : chunk.alerts[found.index]?.place;
    if (found === null || place === undefined) break;
    // One that refuses everything has a fault of its own, and nothing is to be blamed for it.
    if ((await tryOut(parts, after, harmless(chunk))) !== null) throw refusal;
    aside.set(place, { alertId: alertUuid(chunk.id, place), alerts: 1, error: whyNot(found.error) });
    good = found.index;
  }
  const rows = [...aside.values()];
  const to = await applyLog(parts, after, [upTo(chunk.alerts.length)], (db) => insert(db, parts.now(), rows));
  parts.setAside(rows);
  return to;
}

/** A chunk with an alert that nothing can be said against. */
function harmless(chunk: LogChunk): LogChunk {
  const alert = {
    source: "quietwatch",
    rule: "trial",
    title: "Trial",
    severity: "info" as const,
    entities: [{ type: "host" as const, value: "localhost", role: "target" as const }],
  };
  return { ...chunk, places: 1, alerts: [{ alert, place: 0, ceiling: null, said: null }] };
}

/** Moves the watermark over a chunk of which nothing can be read, and sets all of it aside. */
export async function passOver(
  parts: Pick<AroundParts, "store" | "now" | "setAside">,
  after: number,
  chunk: { id: string; seq: number; alerts: number },
  error: unknown,
): Promise<number> {
  const row = { alertId: alertUuid(chunk.id, 0), alerts: chunk.alerts, error: whyNot(error) };
  await parts.store.db.transaction(async (db) => {
    await moveWatermark(db, after, chunk.seq);
    await insert(db, parts.now(), [row]);
  });
  parts.setAside([row]);
  return chunk.seq;
}

/** As many rows as a statement's parameters carry. */
const mostRows = 10_000;

async function insert(db: Queryable, at: Date, rows: SetAside[]): Promise<void> {
  for (let i = 0; i < rows.length; i += mostRows)
    await db.insert(quarantine).values(rows.slice(i, i + mostRows).map((row) => ({ ...row, at })));
}

/** What the database or triage said, without the statement that a library puts before it. */
function whyNot(error: unknown): string {
  const said = databaseError(error) ?? error;
  const message = said instanceof Error ? said.message : String(said);
  return message.replaceAll("\0", "").slice(0, 500);
}
