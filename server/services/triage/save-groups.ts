import { sql } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import type { GroupState } from "../../triage/group-state.ts";
import { groupRecord, triageColumns } from "./group-row.ts";

const assignments = sql.raw(triageColumns.map((column) => `${column} = excluded.${column}`).join(", "));

/** Writes groups, new and known, in one statement; their rows are locked by the caller's transaction. */
export async function saveGroups(
  db: Queryable,
  groups: readonly { group: GroupState; lastIndex: string | null }[],
  changedSeq: number,
): Promise<void> {
  if (groups.length === 0) return;
  const records = JSON.stringify(
    groups.map(({ group, lastIndex }) => groupRecord(group, changedSeq, lastIndex)),
  );
  await db.execute(sql`
    insert into item select * from jsonb_populate_recordset(null::item, ${records}::jsonb)
    on conflict (id) do update set ${assignments}`);
}
