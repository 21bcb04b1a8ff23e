import { and, count, eq, inArray } from "drizzle-orm";
import type { Silence } from "../../../shared/silence.ts";
import { type Context, requireScope } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { silence } from "../../db/silence-tables.ts";
import { NotFoundError } from "../../errors.ts";
import { inScope } from "../scope.ts";
import { silenceOf } from "./silence-row.ts";
import { seenBy } from "./silence-scope.ts";

export async function showSilence(ctx: Context, id: string): Promise<Silence> {
  requireScope(ctx, "queue:read");
  return readSilence(ctx, id);
}

/** @throws NotFoundError when it is not there or hides nothing the actor sees */
export async function readSilence(ctx: Context, id: string): Promise<Silence> {
  const [row] = await ctx.db
    .select()
    .from(silence)
    .where(and(eq(silence.id, id), seenBy(ctx.actor)));
  if (row === undefined) throw new NotFoundError("the silence");
  return silenceOf(row, (await countHidden(ctx, [id])).get(id) ?? 0);
}

/** How many groups in the actor's scope each silence hides now. */
export async function countHidden(ctx: Context, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .select({ id: item.hiddenId, groups: count() })
    .from(item)
    .where(and(eq(item.hiddenBy, "silence"), inArray(item.hiddenId, ids), inScope(ctx.actor)))
    .groupBy(item.hiddenId);
  return new Map(rows.map(({ id, groups }) => [id ?? "", groups]));
}
