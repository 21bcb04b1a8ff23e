import { sql } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import type { Statement, Transaction } from "../../db/transaction.ts";
import type { GroupMemory, GroupState } from "../../triage/group-state.ts";
import { hourMs } from "../../triage/volume.ts";
import { groupRecord, triageColumns } from "./group-row.ts";
import { GroupsMovedError } from "./load-groups.ts";
import type { Touched } from "./outcome.ts";

export interface GroupToSave {
  group: GroupState;
  lastIndex: string | null;
}

const countRepeats: Statement = { name: "count-repeats", text: updateText() };
const countRescored: Statement = {
  name: "count-rescored",
  text: updateText({
    set: ", score = r.score, factors = r.factors::jsonb",
    columns: ", $9::smallint[], $10::text[]",
    names: ", score, factors",
  }),
};

function updateText(more = { set: "", columns: "", names: "" }): string {
  // A turn writes one sequence into thousands of rows, so an index on it must not be what finds them: hence `+ 0`.
  return `
    update item set changed_seq = $1, last_index = $2, count = r.count, occurrences = r.occurrences,
      last_seen = to_timestamp(r.last_seen / 1000.0), occurred_at = to_timestamp(r.occurred_at / 1000.0)${more.set}
    from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]${more.columns})
      as r(id, changed_seq, count, occurrences, last_seen, occurred_at${more.names})
    where item.id = r.id and item.changed_seq + 0 = r.changed_seq`;
}

const assignments = sql.raw(triageColumns.map((column) => `${column} = excluded.${column}`).join(", "));

/** Writes groups, new and known, in one statement; their rows are locked by the caller's transaction. */
export async function saveGroups(db: Queryable, groups: GroupToSave[], changedSeq: number): Promise<void> {
  if (groups.length === 0) return;
  const records = groups.map(({ group, lastIndex }) => {
    group.memory.stored = { occurrences: group.occurrences, hour: Math.floor(group.lastSeen / hourMs) };
    return groupRecord(group, changedSeq, lastIndex);
  });
  await db.execute(sql`
    insert into item select * from jsonb_populate_recordset(null::item, ${JSON.stringify(records)}::jsonb)
    on conflict (id) do update set ${assignments}`);
}

/**
 * Writes groups that only fired again: their counters and times, a fraction of the row; `rescored` ones with their
 * score as well.
 * @throws GroupsMovedError when one of them is not as it was loaded
 */
export async function saveRepeats(
  db: Transaction,
  { repeats, rescored }: Pick<SortedTouched, "repeats" | "rescored">,
  changedSeq: number,
  lastIndex: string,
): Promise<void> {
  await update(db, countRepeats, repeats, [changedSeq, lastIndex]);
  const scores = rescored.map(({ group }) => group.score);
  const factors = rescored.map(({ group }) => JSON.stringify(group.factors));
  await update(db, countRescored, rescored, [changedSeq, lastIndex], [scores, factors]);
}

async function update(
  db: Transaction,
  statement: Statement,
  touched: Touched[],
  first: unknown[],
  more: unknown[] = [],
): Promise<void> {
  if (touched.length === 0) return;
  const groups = touched.map(({ group }) => group);
  const { rowCount } = await db.run(statement, [
    ...first,
    groups.map(({ id }) => id),
    touched.map((one) => one.changedSeq),
    groups.map(({ count }) => count),
    groups.map(({ occurrences }) => occurrences),
    groups.map(({ lastSeen }) => lastSeen),
    groups.map(({ occurredAt }) => occurredAt),
    ...more,
  ]);
  if (rowCount !== touched.length) throw new GroupsMovedError();
}

export interface SortedTouched {
  /** Only fired again. */
  repeats: Touched[];
  /** Only fired again, which moved the score within its band. */
  rescored: Touched[];
  /** All others. */
  changed: Touched[];
}

export function sortTouched(touched: Touched[]): SortedTouched {
  const sorted: SortedTouched = { repeats: [], rescored: [], changed: [] };
  for (const one of touched) {
    if (!onlyRepeated(one)) sorted.changed.push(one);
    else if (one.before === null || sameScore(one.before, one.group)) sorted.repeats.push(one);
    else sorted.rescored.push(one);
  }
  return sorted;
}

/** Whether nothing but what `saveRepeats` writes is different. */
function onlyRepeated({ group, isNew, before, hours }: Touched): boolean {
  if (isNew) return false;
  for (const hour of hours.keys()) if (hour !== group.memory.stored?.hour) return false;
  if (before === null) return true;
  return sameLife(before, group) && sameWords(before, group) && sameMemory(before.memory, group.memory);
}

function sameScore(before: GroupState, after: GroupState): boolean {
  return before.score === after.score && same(before.factors, after.factors);
}

function sameLife(before: GroupState, after: GroupState): boolean {
  return (
    before.version === after.version &&
    before.band === after.band &&
    before.status === after.status &&
    before.cleared === after.cleared &&
    before.firingUntil === after.firingUntil &&
    same(before.hidden, after.hidden)
  );
}

function sameWords(before: GroupState, after: GroupState): boolean {
  return (
    before.title === after.title &&
    before.description === after.description &&
    before.severity === after.severity &&
    before.nativeSeverity === after.nativeSeverity &&
    before.entityCount === after.entityCount &&
    before.runbookUrl === after.runbookUrl &&
    before.techniques.length === after.techniques.length &&
    same(before.labels, after.labels) &&
    same(before.links, after.links)
  );
}

function sameMemory(before: GroupMemory, after: GroupMemory): boolean {
  return before.moreEntities.length === after.moreEntities.length && same(before.firing, after.firing);
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
