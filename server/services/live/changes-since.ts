import { and, asc, gt } from "drizzle-orm";
import type { Item } from "../../../shared/group.ts";
import { type Context, requireScope } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { itemOf } from "../groups/item-of.ts";
import { readChange } from "../queue/read-change.ts";
import { inScope } from "../scope.ts";

/** More changes than this at once and reading the queue again is cheaper than following. */
const most = 2_000;

export type Changes =
  | { reset: string }
  /** In commit order; `seq` is the change the items belong to. */
  | { reset?: never; to: number; items: { seq: number; item: Item }[] };

/**
 * The items in scope that changed after a change sequence, each once, as it is now. Every item keeps the sequence of
 * its last change, so a stream resumes from any point without a list of events.
 */
export async function changesSince(ctx: Context, since: number): Promise<Changes> {
  requireScope(ctx, "queue:read");
  const to = await readChange(ctx);
  if (since > to) return { reset: "The store is not the one you followed" };
  if (since === to) return { to, items: [] };
  const rows = await ctx.db
    .select()
    .from(item)
    .where(and(gt(item.changedSeq, since), inScope(ctx.actor)))
    .orderBy(asc(item.changedSeq), asc(item.id))
    .limit(most + 1);
  if (rows.length > most) return { reset: "Too much changed to follow it one by one" };
  // What was committed after `to` was read belongs to these items as well.
  const last = rows.at(-1)?.changedSeq ?? to;
  return { to: Math.max(to, last), items: rows.map((row) => ({ seq: row.changedSeq, item: itemOf(row) })) };
}
