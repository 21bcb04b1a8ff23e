import { and, isNotNull, lte } from "drizzle-orm";
import type { Policy } from "../../../shared/policy.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { nextChange } from "../../context.ts";
import type { Store } from "../../db/client.ts";
import { item, itemEvent } from "../../db/schema.ts";
import { lapse } from "../../triage/firing.ts";
import { resolveCleared, type Turn } from "../../triage/life.ts";
import { scoreGroup } from "../../triage/score.ts";
import { stateOf } from "./group-row.ts";
import { saveGroups } from "./save-groups.ts";

const most = 500;

/** Clears the groups whose sender stopped repeating that they fire. Returns how many there were. */
export async function lapseGroups(store: Store, now: number, policy: Policy): Promise<number> {
  return store.db.transaction(async (db) => {
    const rows = await db
      .select()
      .from(item)
      .where(and(isNotNull(item.firingUntil), lte(item.firingUntil, new Date(now))))
      .orderBy(item.id)
      .limit(most)
      .for("update", { skipLocked: true });
    if (rows.length === 0) return 0;
    const lapsed = rows.map((row) => ({ group: stateOf(row), lastIndex: row.lastIndex }));
    const turns = lapsed.flatMap(({ group }) => {
      lapse(group, now);
      Object.assign(group, scoreGroup(group, policy, now));
      if (!group.cleared) return [];
      group.version += 1;
      const cleared: Turn = { event: "cleared", because: "The detector stopped saying that it fires" };
      const resolved = resolveCleared(group, now);
      return [cleared, ...(resolved === null ? [] : [resolved])].map((turn) => ({
        itemId: group.id,
        ...turn,
      }));
    });
    if (turns.length > 0) {
      await db
        .insert(itemEvent)
        .values(turns.map((turn) => ({ id: uuidv7(now), at: new Date(now), ...turn })));
    }
    await saveGroups(db, lapsed, await nextChange(db));
    return rows.length;
  });
}
