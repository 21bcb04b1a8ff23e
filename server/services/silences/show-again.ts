import { and, asc, eq } from "drizzle-orm";
import type { Policy } from "../../../shared/policy.ts";
import type { Queryable } from "../../db/client.ts";
import { item } from "../../db/schema.ts";
import { silence } from "../../db/silence-tables.ts";
import { hide } from "../../triage/hide.ts";
import { stateOf } from "../triage/group-row.ts";
import { loadSilencer } from "./load-silencer.ts";
import { setHidden } from "./set-hidden.ts";
import type { SilenceRow } from "./silence-row.ts";

const pageRows = 250;

/**
 * Shows the next of the groups that a silence hid until it ended, unless another silence or the policy hides them.
 * @returns whether there may be more
 */
export async function showAgain(
  db: Queryable,
  { id, policy, now }: { id: string; policy: Policy; now: number },
): Promise<boolean> {
  return db.transaction(async (inner) => {
    const [row] = await inner
      .select()
      .from(silence)
      .where(and(eq(silence.id, id), eq(silence.phase, "showing")))
      .for("update", { skipLocked: true });
    if (row === undefined) return false;
    // No silence begins before this ends: it would pass over a group that still counts as hidden.
    const { silencer } = await loadSilencer(inner, { hold: true });
    const groups = await inner
      .select()
      .from(item)
      .where(and(eq(item.hiddenBy, "silence"), eq(item.hiddenId, id)))
      .orderBy(asc(item.id))
      .limit(pageRows)
      .for("update");
    const shown = { event: "shown" as const, because: whyShown(row) };
    const rehidden = groups.map((group) => {
      const hidden = hide(stateOf(group), policy, silencer);
      return { id: group.id, hidden, turn: hidden === null ? shown : null };
    });
    await setHidden(inner, rehidden, now);
    const isDone = groups.length < pageRows;
    if (isDone) await inner.update(silence).set({ phase: "ended" }).where(eq(silence.id, id));
    return !isDone;
  });
}

function whyShown({ endedBy, reason }: SilenceRow): string {
  return endedBy === null ? `Its silence is over: ${reason}` : `${endedBy} ended its silence: ${reason}`;
}
