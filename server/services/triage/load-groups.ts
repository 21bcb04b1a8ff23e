import { asc, sql } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import { item } from "../../db/schema.ts";
import type { CachedGroup, GroupCache } from "./group-cache.ts";
import { stateOf } from "./group-row.ts";

/** Somebody changed a group between its reading and its writing. */
export class GroupsMovedError extends Error {}

/** The groups of these fingerprints that exist, from the cache or the store; nothing is locked yet. */
export async function loadGroups(
  db: Queryable,
  cache: GroupCache,
  fingerprints: readonly string[],
): Promise<CachedGroup[]> {
  const known: CachedGroup[] = [];
  const missing: string[] = [];
  for (const fingerprint of fingerprints) {
    const cached = cache.get(fingerprint);
    if (cached === undefined) missing.push(fingerprint);
    else known.push(cached);
  }
  if (missing.length === 0) return known;
  const rows = await db
    .select()
    .from(item)
    .where(sql`${item.fingerprint} = any(${sql.param(missing)}::text[])`);
  const read = rows.map((row) => ({
    group: stateOf(row),
    repeatable: null,
    changedSeq: row.changedSeq,
    lastIndex: row.lastIndex,
  }));
  return [...known, ...read];
}

/**
 * Locks the groups and makes sure that they still are as they were loaded.
 * @throws GroupsMovedError
 */
export async function lockGroups(
  db: Queryable,
  loaded: readonly Pick<CachedGroup, "group" | "changedSeq">[],
): Promise<void> {
  if (loaded.length === 0) return;
  const ids = loaded.map(({ group }) => group.id);
  const rows = await db
    .select({ id: item.id, changedSeq: item.changedSeq })
    .from(item)
    .where(sql`${item.id} = any(${sql.param(ids)}::uuid[])`)
    .orderBy(asc(item.id))
    .for("update");
  const now = new Map(rows.map(({ id, changedSeq }) => [id, changedSeq]));
  if (loaded.some(({ group, changedSeq }) => now.get(group.id) !== changedSeq)) throw new GroupsMovedError();
}
