import { and, eq, gt, inArray, lte, or, sql } from "drizzle-orm";
import type { Queryable } from "../../db/client.ts";
import { clock } from "../../db/schema.ts";
import { silence } from "../../db/silence-tables.ts";

/** Call in the transaction that makes a silence active or ends one: triage decides anew with the others. */
export async function noteChange(db: Queryable): Promise<void> {
  await db
    .update(clock)
    .set({ seq: sql`${clock.seq} + 1` })
    .where(eq(clock.name, "silences"));
}

/** Begins the silences whose start has come and ends those whose end has. Returns whether there were any. */
export async function moveSilences(db: Queryable, now: Date): Promise<boolean> {
  return db.transaction(async (inner) => {
    const due = await inner
      .select({ id: silence.id })
      .from(silence)
      .where(
        or(
          and(eq(silence.phase, "pending"), lte(silence.startsAt, now)),
          and(inArray(silence.phase, ["hiding", "active"]), lte(silence.endsAt, now)),
        ),
      )
      .orderBy(silence.id)
      .for("update", { skipLocked: true });
    if (due.length === 0) return false;
    const ids = due.map(({ id }) => id);
    const begins = and(inArray(silence.id, ids), eq(silence.phase, "pending"));
    await inner
      .update(silence)
      .set({ phase: "ended" })
      .where(and(begins, lte(silence.endsAt, now)));
    const ends = and(inArray(silence.id, ids), inArray(silence.phase, ["hiding", "active"]));
    await inner.update(silence).set({ phase: "showing" }).where(ends);
    await inner
      .update(silence)
      .set({ phase: "hiding" })
      .where(and(begins, gt(silence.endsAt, now)));
    await noteChange(inner);
    return true;
  });
}
