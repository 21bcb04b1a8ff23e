import { and, eq, lte, sql } from "drizzle-orm";
import { uuidv7 } from "../../shared/uuid.ts";
import type { Clock } from "../clock.ts";
import { nextChange } from "../context.ts";
import type { Store } from "../db/client.ts";
import { item, itemEvent } from "../db/schema.ts";
import type { Hub } from "../live/hub.ts";

/** Brings back what was snoozed until a time that has come. */
export async function wakeSnoozed({
  store,
  clock,
  hub,
}: {
  store: Store;
  clock: Clock;
  hub: Hub;
}): Promise<void> {
  const now = new Date(clock());
  const woken = await store.db.transaction(async (db) => {
    const due = await db
      .select({ id: item.id })
      .from(item)
      .where(and(eq(item.status, "snoozed"), lte(item.snoozedUntil, now)))
      .orderBy(item.id)
      .limit(500)
      .for("update", { skipLocked: true });
    if (due.length === 0) return 0;
    const changedSeq = await nextChange(db);
    for (const { id } of due) {
      await db
        .update(item)
        .set({
          status: sql`case when ${item.acknowledgedBy} is null then 'open' else 'acknowledged' end`,
          snoozedUntil: null,
          version: sql`${item.version} + 1`,
          changedSeq,
        })
        .where(eq(item.id, id));
    }
    const because = "Its snooze ended";
    await db
      .insert(itemEvent)
      .values(
        due.map(({ id }) => ({ id: uuidv7(now.getTime()), itemId: id, at: now, event: "woken", because })),
      );
    return due.length;
  });
  if (woken > 0) hub.poke();
}
