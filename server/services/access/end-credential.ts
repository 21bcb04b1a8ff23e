import { and, eq, isNull, sql } from "drizzle-orm";
import { credential } from "../../db/schema.ts";
import type { AccessContext } from "./access-context.ts";

interface Ending {
  id: string;
  family: string | null;
}

/**
 * Lets one transaction at a time renew or end a family; what it reads after this is what the one before left.
 * Else a pair that is on its way while its family ends would live on.
 */
export async function lockFamily(ctx: AccessContext, family: string): Promise<void> {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${family}, 0))`);
}

/** Revokes a credential and everything of its family; false when all of it had ended before. */
export async function endCredential(ctx: AccessContext, { id, family }: Ending): Promise<boolean> {
  if (family !== null) await lockFamily(ctx, family);
  const which = family === null ? eq(credential.id, id) : eq(credential.family, family);
  const ended = await ctx.db
    .update(credential)
    .set({ revokedAt: new Date(ctx.clock()) })
    .where(and(which, isNull(credential.revokedAt)))
    .returning({ id: credential.id });
  return ended.length > 0;
}

/** The names under which guards may remember it. */
export function namesOf({ id, family }: Ending): string[] {
  return family === null ? [id] : [id, family];
}
