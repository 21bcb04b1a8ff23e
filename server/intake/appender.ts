import { setTimeout as sleep } from "node:timers/promises";
import type { Room, Store } from "../db/client.ts";
import { describeFailure, isCommitExcluded, isStoreFailure } from "../db/failures.ts";
import { UnavailableError } from "../errors.ts";
import { appendChunk, type ChunkRow, findSeq, isRefusedRow } from "./append.ts";

/** Commits chunks to the log, and knows whether it can. */
export interface Appender {
  /**
   * Commits once, also when the store breaks in the midst of it.
   * @throws UnavailableError
   */
  append(row: ChunkRow): Promise<number>;
  /** Why the last chunk was not committed, as the end of a sentence; null once one is. */
  readonly fault: string | null;
  /** Whether a chunk may be committed and nobody knows yet; others need not wait for it to be found out. */
  readonly isInDoubt: boolean;
  /** Looks whether a chunk could be committed, where the last could not. */
  probe(): Promise<void>;
}

/** Groups, people's work and the database's own log need room too, when no alert is taken any more. */
export const leastFreeBytes = 64 * 1024 * 1024;
const roomMs = 500;
const patienceMs = 5_000;
const againMs = 100;

export function createAppender(store: Pick<Store, "pool" | "room">): Appender {
  const { pool } = store;
  let fault: string | null = null;
  let isInDoubt = false;
  let room: Room | null = null;
  let roomAt = Number.NEGATIVE_INFINITY;

  async function requireRoom(): Promise<void> {
    if (performance.now() - roomAt >= roomMs) {
      room = await store.room();
      roomAt = performance.now();
    }
    if (room !== null && room.free < leastFreeBytes) throw refusal("has no space left on its disk");
  }

  function refusal(why: string): UnavailableError {
    fault = why;
    const kept = isInDoubt
      ? "whether this request was kept is not known"
      : "nothing of this request was kept";
    return new UnavailableError(`the store ${why}; ${kept}`, 2);
  }

  /** Its id makes the next attempt harmless: whichever comes second finds it taken. */
  async function appendOnce(row: ChunkRow): Promise<number> {
    try {
      return await appendChunk(pool, row);
    } catch (error) {
      const seq = isInDoubt && isRefusedRow(error) ? await findSeq(pool, row.id) : null;
      if (seq === null) throw error;
      return seq;
    }
  }

  async function untilKnown(row: ChunkRow): Promise<number> {
    const end = performance.now() + patienceMs;
    for (;;) {
      try {
        return await appendOnce(row);
      } catch (error) {
        if (!isStoreFailure(error)) throw error;
        fault = describeFailure(error);
        isInDoubt ||= !isCommitExcluded(error);
        if (!isInDoubt || performance.now() > end) throw refusal(fault);
        await sleep(againMs);
      }
    }
  }

  return {
    get fault() {
      return fault;
    },
    get isInDoubt() {
      return isInDoubt;
    },
    append: async (row) => {
      await requireRoom();
      try {
        const seq = await untilKnown(row);
        fault = null;
        return seq;
      } finally {
        isInDoubt = false;
      }
    },
    probe: async () => {
      if (fault === null) return;
      try {
        await requireRoom();
        await tryAppend(store);
        fault = null;
      } catch (error) {
        if (isStoreFailure(error)) fault = describeFailure(error);
      }
    },
  };
}

/** As much as a small chunk, taken back. */
async function tryAppend({ pool }: Pick<Store, "pool">): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query(`
      insert into alert_log (id, seq, received_at, alerts, raw_bytes, bytes)
      select gen_random_uuid(), 0, now(), 0, 0, string_agg(uuid_send(gen_random_uuid()), '')
      from generate_series(1, 1000)`);
  } finally {
    await client.query("rollback").then(
      () => client.release(),
      () => client.release(true),
    );
  }
}
