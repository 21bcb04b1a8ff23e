import { and, eq, isNull } from "drizzle-orm";
import { requireScope } from "../../context.ts";
import { credential } from "../../db/schema.ts";
import { NotFoundError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { EndingContext } from "./access-context.ts";
import { tokensInReachOf } from "./own-tokens.ts";

/** Ends an API token; ending one that has ended changes nothing. */
export async function revokeToken(ctx: EndingContext, id: string): Promise<void> {
  requireScope(ctx, "tokens:manage");
  await ctx.db.transaction(async (db) => {
    const which = and(eq(credential.id, id), tokensInReachOf(ctx.actor));
    const [revoked] = await db
      .update(credential)
      .set({ revokedAt: new Date(ctx.clock()) })
      .where(and(which, isNull(credential.revokedAt)))
      .returning({ name: credential.name });
    if (revoked !== undefined) {
      return writeAudit({ ...ctx, db }, { verb: "token.revoke", details: { token: id, ...revoked } });
    }
    const [there] = await db.select({ id: credential.id }).from(credential).where(which);
    if (there === undefined) throw new NotFoundError("this token");
  });
  ctx.credentials.forget([id]);
}
