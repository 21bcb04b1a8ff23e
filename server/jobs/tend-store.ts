import pg from "pg";
import type { Store } from "../db/client.ts";

interface Worn {
  name: string;
  isBloated: boolean;
}

/** By PostgreSQL's own defaults, except that a small table is left alone: a fifth dead, or a tenth changed. */
const worn = `
  select relname as name, n_dead_tup > 5000 + 0.2 * n_live_tup as "isBloated"
  from pg_stat_user_tables
  where n_dead_tup > 5000 + 0.2 * n_live_tup or n_mod_since_analyze > 1000 + 0.1 * n_live_tup`;

/**
 * What autovacuum does elsewhere: the embedded store has no process for it, and without it dead rows are kept and
 * statistics that plans are made by grow old. Returns the tables it tended.
 */
export async function tendStore({ store }: { store: Store }): Promise<string[]> {
  if (store.kind !== "pglite") return [];
  const { rows } = await store.pool.query<Worn>(worn);
  for (const { name, isBloated } of rows) {
    const table = pg.escapeIdentifier(name);
    await store.pool.query(isBloated ? `vacuum (analyze) ${table}` : `analyze ${table}`);
  }
  return rows.map(({ name }) => name);
}
