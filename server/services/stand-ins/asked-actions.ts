import { and, eq } from "drizzle-orm";
import { uuidv7 } from "../../../shared/uuid.ts";
import type { Context } from "../../context.ts";
import { askedAction } from "../../db/sender-tables.ts";

export type AskedRow = typeof askedAction.$inferSelect;

/** Keeps for a day what came of an action, for whoever asked for it. Returns the id it is asked by. */
export async function keepAsked(
  ctx: Context,
  outcome: Pick<AskedRow, "action" | "alias" | "itemId" | "isDone" | "outcome">,
): Promise<string> {
  const now = ctx.clock();
  const id = uuidv7(now);
  await ctx.db.insert(askedAction).values({ id, at: new Date(now), actorId: ctx.actor.id, ...outcome });
  return id;
}

/** Null for what somebody else asked for. */
export async function findAsked(ctx: Context, id: string): Promise<AskedRow | null> {
  const [row] = await ctx.db
    .select()
    .from(askedAction)
    .where(and(eq(askedAction.id, id), eq(askedAction.actorId, ctx.actor.id)));
  return row ?? null;
}
