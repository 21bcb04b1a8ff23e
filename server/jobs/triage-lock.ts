import type pg from "pg";
import type { Store } from "../db/client.ts";

const lockKey = 748_312;

export interface TriageLock {
  /** False once the session that holds it has ended: another node may have it by now. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/** The embedded store has one process; on PostgreSQL a session's advisory lock picks one of the nodes; null for the others. */
export async function takeTriageLock(store: Store): Promise<TriageLock | null> {
  if (store.kind === "pglite") return { isHeld: () => true, release: async () => undefined };
  const client = await store.pool.connect();
  try {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as mine", [lockKey]);
    if (rows[0].mine) return lockOf(client);
    client.release();
    return null;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function lockOf(client: pg.PoolClient): TriageLock {
  let isHeld = true;
  // Without a listener the end of the connection would stop the process.
  const lose = () => {
    isHeld = false;
  };
  client.on("error", lose);
  return {
    isHeld: () => isHeld,
    release: async () => {
      const freed = await client.query("select pg_advisory_unlock($1)", [lockKey]).catch(() => null);
      client.off("error", lose);
      client.release(freed === null);
    },
  };
}
