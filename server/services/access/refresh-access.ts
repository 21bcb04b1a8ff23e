import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { TokenAnswer } from "../../../shared/access.ts";
import { personActor } from "../../auth/actors.ts";
import { hashSecret } from "../../auth/secret.ts";
import { credential, person } from "../../db/schema.ts";
import { ServiceError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext, EndingContext } from "./access-context.ts";
import { endCredential, namesOf } from "./end-credential.ts";
import { issuePair } from "./issue-pair.ts";
import { resendGrace } from "./lifetimes.ts";

type Held = typeof credential.$inferSelect & { family: string };

class ReusedError extends ServiceError {
  readonly held: Held;
  constructor(held: Held) {
    super("invalid_grant", "this refresh token was exchanged before; pair again");
    this.held = held;
  }
}

/**
 * Exchanges a refresh token for a new pair (RFC 9700 section 4.14). An exchanged one that comes again was
 * stolen, or its thief was first: its whole family ends. Within 30 s it is taken for a worker that died before
 * it stored the answer, and gets another pair.
 * @throws ServiceError `invalid_grant`
 */
export async function refreshAccess(ctx: EndingContext, refreshToken: string): Promise<TokenAnswer> {
  // Thrown only after the commit, which ends the family.
  const outcome = await ctx.db.transaction((db) => exchange({ ...ctx, db }, hashSecret(refreshToken)));
  if (outcome instanceof ReusedError) ctx.credentials.forget(namesOf(outcome.held));
  if (outcome instanceof ServiceError) throw outcome;
  return outcome;
}

async function exchange(ctx: AccessContext, hash: string): Promise<TokenAnswer | ServiceError> {
  const live = await lockFamily(ctx, hash);
  const held = live.find((row) => row.hash === hash);
  const now = ctx.clock();
  if (!hasFamily(held) || held.revokedAt !== null || held.expiresAt.getTime() <= now) {
    return new ServiceError("invalid_grant", "this refresh token is not known or over; pair again");
  }
  const [owner] = await ctx.db
    .select()
    .from(person)
    .where(eq(person.id, held.personId ?? held.id));
  if (owner === undefined) return new ServiceError("invalid_grant", "whoever let this extension in is gone");
  const inner = { ...ctx, actor: personActor(owner, held.id) };
  const { name: client, family, replacedAt } = held;
  if (replacedAt !== null && now - replacedAt.getTime() > resendGrace) {
    await endCredential(inner, held);
    await writeAudit(inner, { verb: "refresh.reused", details: { client, family } });
    return new ReusedError(held);
  }
  if (replacedAt === null) await replace(inner, live);
  await writeAudit(inner, {
    verb: "refresh",
    details: { client, family, again: replacedAt !== null },
  });
  return issuePair(inner, { owner, client, family });
}

/** The token and the unexchanged ones of its family, locked in one order so that two calls cannot deadlock. */
async function lockFamily(ctx: AccessContext, hash: string) {
  const familyOf = sql`(select family from ${credential} where hash = ${hash})`;
  return ctx.db
    .select()
    .from(credential)
    .where(
      and(
        eq(credential.kind, "refresh"),
        eq(credential.family, familyOf),
        or(eq(credential.hash, hash), isNull(credential.replacedAt)),
      ),
    )
    .orderBy(credential.id)
    .for("update");
}

/**
 * Retires the token and its siblings: a resend makes two of them, and only the one that is used lives on, so
 * that a thief who resent is found out when the owner comes, or the other way round.
 */
async function replace(ctx: AccessContext, live: readonly { id: string }[]): Promise<void> {
  const ids = live.map((row) => row.id);
  await ctx.db
    .update(credential)
    .set({ replacedAt: new Date(ctx.clock()) })
    .where(inArray(credential.id, ids));
}

function hasFamily(row: typeof credential.$inferSelect | undefined): row is Held {
  return row !== undefined && row.family !== null;
}
