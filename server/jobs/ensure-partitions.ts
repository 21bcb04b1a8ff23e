import { firstUuidOf } from "../../shared/uuid.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../db/client.ts";

const tables = ["alert_log", "alert_index", "audit"] as const;
const monthsAhead = 2;

/**
 * Makes this month's and the next months' partitions of what grows with time. Ids are UUIDv7, so a range of ids is a
 * range of time; what finds no partition rests in the default one.
 */
export async function ensurePartitions({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  const now = new Date(clock());
  for (let ahead = 0; ahead <= monthsAhead; ahead += 1) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead));
    const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
    const name = from.toISOString().slice(0, 7).replace("-", "");
    for (const table of tables) await ensurePartition(store, table, `${table}_${name}`, from, to);
  }
}

async function ensurePartition(
  store: Store,
  table: string,
  name: string,
  from: Date,
  to: Date,
): Promise<void> {
  const { rowCount } = await store.pool.query("select 1 from pg_class where relname = $1", [name]);
  if (rowCount !== 0) return;
  const range = [firstUuidOf(from.getTime()), firstUuidOf(to.getTime())];
  // Nothing in the default partition may belong to the new one; at a month's first start there is none yet.
  const { rows } = await store.pool.query(
    `select exists(select 1 from ${table}_default where id >= $1 and id < $2) as taken`,
    range,
  );
  if (rows[0].taken) return;
  await store.pool.query(
    `create table if not exists ${name} partition of ${table} for values from ('${range[0]}') to ('${range[1]}')`,
  );
}
