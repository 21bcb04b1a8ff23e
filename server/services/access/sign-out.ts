import { eq } from "drizzle-orm";
import { credential } from "../../db/schema.ts";
import { NotAllowedError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { EndingContext } from "./access-context.ts";
import { endCredential, namesOf } from "./end-credential.ts";

/** Ends the sign-in that the request came with. */
export async function signOut(ctx: EndingContext): Promise<void> {
  const { credentialId, personId } = ctx.actor;
  if (credentialId === null || personId === null) {
    throw new NotAllowedError("only a person signs out; a token is revoked instead");
  }
  const ended = await ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db };
    const [held] = await db
      .select({ id: credential.id, family: credential.family })
      .from(credential)
      .where(eq(credential.id, credentialId));
    if (held === undefined) return [];
    if (await endCredential(inner, held)) {
      await writeAudit(inner, { verb: "sign-out", details: { credential: credentialId } });
    }
    return namesOf(held);
  });
  ctx.credentials.forget(ended);
}
