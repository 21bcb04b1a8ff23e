import { sql } from "drizzle-orm";
import { firstUuidOf } from "../../shared/uuid.ts";
import type { Clock } from "../clock.ts";
import type { Queryable, Store } from "../db/client.ts";

const tables = ["alert_log", "alert_index", "audit"] as const;
const monthsAhead = 2;
const lockKey = 748_313;

/**
 * Makes this month's and the next months' partitions of what grows with time. Ids are UUIDv7, so a range of ids is a
 * range of time; what finds no partition rests in the default one.
 */
export async function ensurePartitions({ store, clock }: { store: Store; clock: Clock }): Promise<void> {
  const now = new Date(clock());
  for (let ahead = 0; ahead <= monthsAhead; ahead += 1) {
    const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead));
    const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
    for (const table of tables) await store.db.transaction((db) => ensurePartition(db, table, from, to));
  }
}

async function ensurePartition(
  db: Queryable,
  table: (typeof tables)[number],
  from: Date,
  to: Date,
): Promise<void> {
  const name = `${table}_${from.toISOString().slice(0, 7).replace("-", "")}`;
  const rest = sql.identifier(`${table}_default`);
  // Nodes start together, and "if not exists" looks before it makes.
  await db.execute(sql`select pg_advisory_xact_lock(${lockKey})`);
  const { rowCount } = await db.execute(sql`select 1 from pg_class where relname = ${name}`);
  if (rowCount !== 0) return;
  const range = [firstUuidOf(from.getTime()), firstUuidOf(to.getTime())] as const;
  // Nothing in the default partition may belong to the new one, nor come to in between.
  await db.execute(sql`lock table ${rest} in access exclusive mode`);
  const { rows } = await db.execute(
    sql`select exists(select 1 from ${rest} where id >= ${range[0]} and id < ${range[1]}) as taken`,
  );
  if (rows[0]?.taken) return;
  await db.execute(sql`
    create table ${sql.identifier(name)} partition of ${sql.identifier(table)}
    for values from (${sql.raw(`'${range[0]}'`)}) to (${sql.raw(`'${range[1]}'`)})`);
}
