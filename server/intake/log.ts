import type pg from "pg";
import { type PlacedEntry, unpackChunk } from "./chunk.ts";
import { readEntry } from "./entry.ts";
import { alertsOf, type LoggedAlert, type RecentChunks } from "./recent-chunks.ts";

/** A stretch of the log as triage reads it. */
export interface LogChunk {
  id: string;
  seq: number;
  receivedAt: number;
  places: number;
  alerts: LoggedAlert[];
}

interface ChunkHead {
  id: string;
  seq: string;
  receivedAt: Date;
  alerts: number;
}

const mostChunks = 4_000;
const heads = `
  select id, seq, received_at as "receivedAt", alerts from alert_log where seq > $1 order by seq limit $2`;
const contents = "select id, bytes from alert_log where id = any($1::uuid[])";

/**
 * The chunks behind the watermark, in log order, at least one where there is any and then no more alerts than
 * `mostAlerts`. What this process committed itself is usually at hand; the rest is read from the store.
 */
export async function readLog(
  pool: pg.Pool,
  recent: RecentChunks,
  after: number,
  mostAlerts: number,
): Promise<LogChunk[]> {
  recent.forget(after);
  const { rows } = await pool.query<ChunkHead>({
    name: "log-heads",
    text: heads,
    values: [after, mostChunks],
  });
  const wanted = withinLimit(rows, mostAlerts);
  const found = new Map(wanted.map(({ id }) => [id, recent.take(id)]));
  const missing = wanted.filter(({ id }) => found.get(id) === null).map(({ id }) => id);
  for (const [id, entries] of await readChunks(pool, missing)) {
    found.set(
      id,
      entries.flatMap((entry) => alertsOf({ ...entry, ...recent.shared(alertsIn(entry)) })),
    );
  }
  return wanted.map(({ id, seq, receivedAt, alerts }) => ({
    id,
    seq: Number(seq),
    receivedAt: receivedAt.getTime(),
    places: alerts,
    alerts: found.get(id) ?? [],
  }));
}

/** Chunks by id, unpacked; an id that retention removed is missing. */
export async function readChunks(pool: pg.Pool, ids: string[]): Promise<Map<string, PlacedEntry[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; bytes: Buffer }>({
    name: "log-contents",
    text: contents,
    values: [ids],
  });
  return new Map(
    await Promise.all(rows.map(async ({ id, bytes }) => [id, await unpackChunk(bytes)] as const)),
  );
}

function alertsIn(entry: PlacedEntry) {
  return readEntry(entry).map((reading) => reading.alert ?? null);
}

function withinLimit(rows: ChunkHead[], most: number): ChunkHead[] {
  let alerts = 0;
  const wanted: ChunkHead[] = [];
  for (const row of rows) {
    alerts += row.alerts;
    if (wanted.length > 0 && alerts > most) break;
    wanted.push(row);
  }
  return wanted;
}
