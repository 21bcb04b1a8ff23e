import { sql } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import type { GroupState } from "../../triage/group-state.ts";
import { groupRecord, triageColumns } from "./group-row.ts";

export interface GroupToSave {
  group: GroupState;
  lastIndex: string | null;
}

const assignments = sql.raw(triageColumns.map((column) => `${column} = excluded.${column}`).join(", "));

/** Writes groups, new and known, in one statement; their rows are locked by the caller's transaction. */
export async function saveGroups(db: Queryable, groups: GroupToSave[], changedSeq: number): Promise<void> {
  if (groups.length === 0) return;
  const records = groups.map(({ group, lastIndex }) => groupRecord(group, changedSeq, lastIndex));
  await db.execute(sql`
    insert into item select * from jsonb_populate_recordset(null::item, ${JSON.stringify(records)}::jsonb)
    on conflict (id) do update set ${assignments}`);
}

/** Writes groups that only fired again: their counters, times and score, a fraction of the row. */
export async function saveRepeats(db: Queryable, groups: GroupToSave[], changedSeq: number): Promise<void> {
  if (groups.length === 0) return;
  const records = groups.map(({ group, lastIndex }) => ({
    id: group.id,
    count: group.count,
    occurrences: group.occurrences,
    last_seen: new Date(group.lastSeen),
    occurred_at: new Date(group.occurredAt),
    score: group.score,
    factors: group.factors,
    firing_until: group.firingUntil === null ? null : new Date(group.firingUntil),
    last_index: lastIndex,
    memory: group.memory,
  }));
  await db.execute(sql`
    update item set changed_seq = ${changedSeq}, count = r.count, occurrences = r.occurrences,
      last_seen = r.last_seen, occurred_at = r.occurred_at, score = r.score, factors = r.factors,
      firing_until = r.firing_until, last_index = r.last_index, memory = r.memory
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r(id uuid, count bigint, occurrences bigint,
      last_seen timestamptz, occurred_at timestamptz, score smallint, factors jsonb, firing_until timestamptz,
      last_index uuid, memory jsonb)
    where item.id = r.id`);
}

/** Whether nothing but what `saveRepeats` writes is different. */
export function onlyRepeated(before: GroupState, after: GroupState): boolean {
  return (
    before.version === after.version &&
    before.band === after.band &&
    before.status === after.status &&
    before.cleared === after.cleared &&
    before.severity === after.severity &&
    before.nativeSeverity === after.nativeSeverity &&
    before.title === after.title &&
    before.description === after.description &&
    before.entityCount === after.entityCount &&
    before.runbookUrl === after.runbookUrl &&
    before.techniques.length === after.techniques.length &&
    same(before.hidden, after.hidden) &&
    same(before.labels, after.labels) &&
    same(before.links, after.links)
  );
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
