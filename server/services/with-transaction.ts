import { and, eq } from "drizzle-orm";
import type { Context, IdempotencyRequest } from "../context.ts";
import { idempotency } from "../db/schema.ts";
import { ServiceError } from "../errors.ts";

/**
 * Runs `work` in one transaction and tells the live hub once it is committed. With an idempotency key the
 * answer is kept in the same transaction: a twin waits for it and gets the first answer again.
 */
export async function withTransaction<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
  const result = await ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db, idempotency: null };
    return ctx.idempotency === null ? work(inner) : once(inner, ctx.idempotency, work);
  });
  ctx.hub.poke();
  return result;
}

async function once<T>(
  ctx: Context,
  request: IdempotencyRequest,
  work: (ctx: Context) => Promise<T>,
): Promise<T> {
  const { key, route, bodyHash } = request;
  const mine = { actorId: ctx.actor.id, route, key };
  const claimed = await ctx.db
    .insert(idempotency)
    .values({ ...mine, bodyHash, status: 200, answer: {}, createdAt: new Date(ctx.clock()) })
    .onConflictDoNothing()
    .returning({ key: idempotency.key });
  const which = and(
    eq(idempotency.actorId, mine.actorId),
    eq(idempotency.route, route),
    eq(idempotency.key, key),
  );
  if (claimed.length === 0) {
    const [kept] = await ctx.db.select().from(idempotency).where(which);
    if (kept?.bodyHash === bodyHash) return keptAnswer<T>(kept.answer);
    throw new ServiceError("key_reused", "this Idempotency-Key came before with another body");
  }
  const answer = await work(ctx);
  await ctx.db.update(idempotency).set({ answer }).where(which);
  return answer;
}

/** The row was written from a `T` by the same route; JSON is all an answer may hold. */
function keptAnswer<T>(answer: unknown): T {
  return answer as T;
}
