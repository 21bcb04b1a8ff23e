import { findCredential } from "../../auth/known-credential.ts";
import { hashSecret } from "../../auth/secret.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { EndingContext } from "./access-context.ts";
import { endCredential, namesOf } from "./end-credential.ts";

/**
 * Ends what a secret stands for and all that came out of the same sign-in (RFC 7009). Holding it is enough, so
 * that whoever finds one that leaked can end it; one that is not known is no failure.
 */
export async function revokeCredential(ctx: EndingContext, secret: string): Promise<void> {
  const known = await findCredential(ctx.db, hashSecret(secret));
  if (known === null) return;
  await ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db, actor: known.actor };
    if (!(await endCredential(inner, known))) return;
    await writeAudit(inner, {
      verb: "credential.revoke",
      details: { credential: known.id, kind: known.kind },
    });
  });
  ctx.credentials.forget(namesOf(known));
}
