import type pg from "pg";
import type { Store } from "../db/client.ts";

const lockKey = 748_312;

export interface TriageLock {
  release(): Promise<void>;
}

/** The embedded store has one process; on PostgreSQL a session's advisory lock picks one of the nodes; null for the others. */
export async function takeTriageLock(store: Store): Promise<TriageLock | null> {
  if (store.kind === "pglite") return { release: async () => undefined };
  const client: pg.PoolClient = await store.pool.connect();
  try {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as mine", [lockKey]);
    if (rows[0].mine) {
      return {
        release: async () => {
          await client.query("select pg_advisory_unlock($1)", [lockKey]).catch(() => undefined);
          client.release();
        },
      };
    }
    client.release();
    return null;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
