import { and, asc, gt } from "drizzle-orm";
import type { Item } from "../../../shared/group.ts";
import { type Context, requireScope } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { itemOf } from "../groups/item-of.ts";
import { readChange } from "../queue/read-change.ts";
import { inScope } from "../scope.ts";

/** More changes than this at once and reading the queue again is cheaper than following. */
const most = 2_000;

export interface Changes {
  /** The change sequence they reach. */
  to: number;
  /** Why they cannot be told one by one; the client reads the queue again, and `items` is empty. */
  reset: string | null;
  /** In commit order; `seq` is the change the item belongs to. */
  items: { seq: number; item: Item }[];
}

/**
 * The items in scope that changed after a change sequence, each once, as it is now. Every item keeps the sequence of
 * its last change, so a stream resumes from any point without a list of events.
 */
export async function changesSince(ctx: Context, since: number): Promise<Changes> {
  requireScope(ctx, "queue:read");
  const to = await readChange(ctx);
  if (since > to) return { to, reset: "The store is not the one you followed", items: [] };
  if (since === to) return { to, reset: null, items: [] };
  const rows = await ctx.db
    .select()
    .from(item)
    .where(and(gt(item.changedSeq, since), inScope(ctx.actor)))
    .orderBy(asc(item.changedSeq), asc(item.id))
    .limit(most + 1);
  if (rows.length > most) return { to, reset: "Too much changed to follow it one by one", items: [] };
  // What was committed after `to` was read belongs to these items as well.
  const last = rows.at(-1)?.changedSeq ?? to;
  const items = rows.map((row) => ({ seq: row.changedSeq, item: itemOf(row) }));
  return { to: Math.max(to, last), reset: null, items };
}
