import { sql } from "drizzle-orm";
import type { Hidden } from "../../../shared/group.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { nextChange } from "../../context.ts";
import type { Queryable } from "../../db/client.ts";
import { itemEvent } from "../../db/schema.ts";
import type { Turn } from "../../triage/life.ts";

/** A group that something else hides from now on, or nothing; its turn when people see it go or come. */
export interface Rehidden {
  id: string;
  hidden: Hidden | null;
  turn: Turn | null;
}

/** Writes what hides groups; their rows are locked by the caller's transaction. */
export async function setHidden(db: Queryable, groups: readonly Rehidden[], now: number): Promise<void> {
  if (groups.length === 0) return;
  const turns = groups.flatMap(({ id, turn }) => (turn === null ? [] : [{ itemId: id, ...turn }]));
  if (turns.length > 0) {
    await db.insert(itemEvent).values(turns.map((turn) => ({ id: uuidv7(now), at: new Date(now), ...turn })));
  }
  const records = groups.map(({ id, hidden }) => ({
    item: id,
    by: hidden?.by,
    by_id: hidden?.id,
    because: hidden?.because,
  }));
  const changedSeq = await nextChange(db);
  await db.execute(sql`
    update item set hidden_by = r.by, hidden_id = r.by_id, hidden_because = r.because,
      version = item.version + 1, changed_seq = ${changedSeq}
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as r(item uuid, by text, by_id text, because text)
    where item.id = r.item`);
}
