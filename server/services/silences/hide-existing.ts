import { and, asc, eq, gt, inArray, ne, sql } from "drizzle-orm";
import type { Policy } from "../../../shared/policy.ts";
import type { Queryable } from "../../db/client.ts";
import { item } from "../../db/schema.ts";
import { silence } from "../../db/silence-tables.ts";
import { createSilencer, matcherOf } from "../../triage/silence.ts";
import { type Rehidden, setHidden } from "./set-hidden.ts";
import type { SilenceRow } from "./silence-row.ts";
import { inReach, subjectColumns } from "./silence-subject.ts";

const pageRows = 250;
const notSilenced = sql`${item.hiddenBy} is distinct from 'silence'`;

/**
 * Looks through the next of the groups that were there before the silence, in one transaction. New ones and new
 * alerts are triage's.
 * @returns whether there may be more
 */
export async function hideExisting(
  db: Queryable,
  { id, policy, now }: { id: string; policy: Policy; now: number },
): Promise<boolean> {
  return db.transaction(async (inner) => {
    // Somebody who holds it looks through the same groups.
    const [row] = await inner
      .select()
      .from(silence)
      .where(and(eq(silence.id, id), eq(silence.phase, "hiding")))
      .for("update", { skipLocked: true });
    if (row === undefined) return false;
    const page = await nextPage(inner, row);
    const matches = matcherOf(row);
    const found = page.filter(matches).map((group) => group.id);
    await setHidden(inner, await decide(inner, { row, policy, ids: found }), now);
    const isDone = page.length < pageRows;
    const sweptTo = page.at(-1)?.id ?? row.sweptTo;
    await inner
      .update(silence)
      .set(isDone ? { phase: "active", sweptTo } : { sweptTo })
      .where(eq(silence.id, id));
    return !isDone;
  });
}

function nextPage(db: Queryable, row: SilenceRow) {
  const { sweptTo } = row;
  return db
    .select(subjectColumns)
    .from(item)
    .where(
      and(
        eq(item.kind, "group"),
        ne(item.status, "resolved"),
        notSilenced,
        inReach(row),
        sweptTo === null ? undefined : gt(item.id, sweptTo),
      ),
    )
    .orderBy(asc(item.id))
    .limit(pageRows);
}

/** Asks again under the lock: an alert or a person may have changed them. */
async function decide(
  db: Queryable,
  { row, policy, ids }: { row: SilenceRow; policy: Policy; ids: string[] },
): Promise<Rehidden[]> {
  if (ids.length === 0) return [];
  const groups = await db
    .select({ ...subjectColumns, hiddenBy: item.hiddenBy })
    .from(item)
    .where(and(inArray(item.id, ids), ne(item.status, "resolved"), notSilenced))
    .orderBy(asc(item.id))
    .for("update");
  const silencer = createSilencer([row]);
  return groups.flatMap((group) => {
    const hidden = silencer?.hides(group, policy) ?? null;
    if (hidden === null) return [];
    const turn = group.hiddenBy === null ? { event: "hidden" as const, because: hidden.because } : null;
    return [{ id: group.id, hidden, turn }];
  });
}
