import type { Store } from "../db/client.ts";
import { isRefusal } from "../db/failures.ts";
import { type LogChunk, readLog } from "../intake/log.ts";
import type { RecentChunks } from "../intake/recent-chunks.ts";
import { passOver, type SetAside } from "../services/triage/set-aside.ts";

/** Alerts folded in one transaction: on the embedded store intake waits while it runs. */
export const mostAlerts = 400_000;

export interface StretchParts {
  store: Store;
  recent: RecentChunks;
  now(): Date;
  setAside(aside: SetAside[]): void;
}

/**
 * Reads the log behind the watermark. A chunk that cannot be read is found by reading less and less, and set aside.
 * @returns the chunks, and the watermark that they follow
 */
export async function nextStretch(
  parts: StretchParts,
  after: number,
): Promise<{ chunks: LogChunk[]; after: number }> {
  for (let most = mostAlerts; ; most = Math.floor(most / 8)) {
    try {
      return { chunks: await readLog(parts.store.pool, parts.recent, after, most), after };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A limit of none still reads one chunk.
      if (most === 0) return { chunks: [], after: await passOverNext(parts, after, error) };
    }
  }
}

async function passOverNext(parts: StretchParts, after: number, error: unknown): Promise<number> {
  const { rows } = await parts.store.pool.query<{ id: string; seq: string; alerts: number }>({
    text: "select id, seq, alerts from alert_log where seq > $1 order by seq limit 1",
    values: [after],
  });
  const [head] = rows;
  if (head === undefined) return after;
  return passOver(parts, after, { ...head, seq: Number(head.seq) }, error);
}
