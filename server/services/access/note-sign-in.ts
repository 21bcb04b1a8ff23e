import { eq } from "drizzle-orm";
import { person } from "../../db/schema.ts";
import type { AccessContext } from "./access-context.ts";

/** Marks that a person signed in now, and reads the person. */
export async function noteSignIn(
  ctx: AccessContext,
  personId: string,
): Promise<typeof person.$inferSelect | undefined> {
  const [who] = await ctx.db
    .update(person)
    .set({ lastSignInAt: new Date(ctx.clock()) })
    .where(eq(person.id, personId))
    .returning();
  return who;
}
