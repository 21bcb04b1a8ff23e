import { and, eq } from "drizzle-orm";
import { type Context, requireScope } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { NotFoundError } from "../../errors.ts";
import { inScope } from "../scope.ts";
import type { ItemRow } from "./item-of.ts";

/** @throws NotFoundError when it is not there or not in scope */
export async function loadItem(ctx: Context, id: string): Promise<ItemRow> {
  requireScope(ctx, "queue:read");
  const [row] = await ctx.db
    .select()
    .from(item)
    .where(and(eq(item.id, id), inScope(ctx.actor)));
  if (row === undefined) throw new NotFoundError("the item");
  return row;
}
