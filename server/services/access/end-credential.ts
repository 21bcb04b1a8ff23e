import { and, eq, isNull } from "drizzle-orm";
import { credential } from "../../db/schema.ts";
import type { AccessContext } from "./access-context.ts";

interface Ending {
  id: string;
  family: string | null;
}

/** Revokes a credential and everything of its family; false when all of it had ended before. */
export async function endCredential(ctx: AccessContext, { id, family }: Ending): Promise<boolean> {
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
