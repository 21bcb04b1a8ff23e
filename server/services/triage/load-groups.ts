import { inArray, sql } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import { item } from "../../db/schema.ts";
import type { CachedGroup, GroupCache } from "./group-cache.ts";
import { stateOf } from "./group-row.ts";

/** Locks the groups of these fingerprints and gives those that exist, from the cache where it is current. */
export async function loadGroups(
  db: Queryable,
  cache: GroupCache,
  fingerprints: readonly string[],
): Promise<CachedGroup[]> {
  const rows = await db
    .select({ id: item.id, fingerprint: item.fingerprint, changedSeq: item.changedSeq })
    .from(item)
    .where(sql`${item.fingerprint} = any(${sql.param(fingerprints)}::text[])`)
    .orderBy(item.id)
    .for("update");
  const known: CachedGroup[] = [];
  const missing: string[] = [];
  for (const { id, fingerprint, changedSeq } of rows) {
    const cached = cache.get(fingerprint ?? "");
    if (cached?.changedSeq === changedSeq) known.push(cached);
    else missing.push(id);
  }
  return [...known, ...(await readGroups(db, missing))];
}

async function readGroups(db: Queryable, ids: string[]): Promise<CachedGroup[]> {
  const groups: CachedGroup[] = [];
  for (let from = 0; from < ids.length; from += 5_000) {
    const rows = await db
      .select()
      .from(item)
      .where(inArray(item.id, ids.slice(from, from + 5_000)));
    groups.push(
      ...rows.map((row) => ({ group: stateOf(row), changedSeq: row.changedSeq, lastIndex: row.lastIndex })),
    );
  }
  return groups;
}
