import { and, eq } from "drizzle-orm";
import { type Context, requireScope } from "../../context.ts";
import { item } from "../../db/schema.ts";
import type { ItemRow } from "../groups/item-of.ts";
import { inScope } from "../scope.ts";

/** What a sender is told of the group that its alert went to. */
export type Standing = Pick<ItemRow, "id" | "status" | "count" | "firstSeen" | "lastSeen">;

/** Null where the group is out of the sender's reach. */
export async function standingOf(ctx: Context, id: string): Promise<Standing | null> {
  requireScope(ctx, "alerts:write");
  const { status, count, firstSeen, lastSeen } = item;
  const [row] = await ctx.db
    .select({ id: item.id, status, count, firstSeen, lastSeen })
    .from(item)
    .where(and(eq(item.id, id), inScope(ctx.actor)));
  return row ?? null;
}
