import { and, eq, isNull } from "drizzle-orm";
import type { TokenAnswer } from "../../../shared/access.ts";
import { personActor } from "../../auth/actors.ts";
import { hashSecret } from "../../auth/secret.ts";
import { credential, person } from "../../db/schema.ts";
import { ServiceError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext, EndingContext } from "./access-context.ts";
import { endCredential, lockFamily, namesOf } from "./end-credential.ts";
import { issuePair } from "./issue-pair.ts";
import { resendGrace } from "./lifetimes.ts";

type Held = Pick<typeof credential.$inferSelect, "id" | "family">;

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
  const held = await readLocked(ctx, hash);
  const now = ctx.clock();
  if (held === null || held.revokedAt !== null || held.expiresAt.getTime() <= now) {
    return new ServiceError("invalid_grant", "this refresh token is not known or over; pair again");
  }
  const { name: client, family, owner, replacedAt } = held;
  const inner = { ...ctx, actor: personActor(owner, held.id) };
  if (replacedAt !== null && now - replacedAt.getTime() > resendGrace) {
    await endCredential(inner, held);
    await writeAudit(inner, { verb: "refresh.reused", details: { client, family } });
    return new ReusedError(held);
  }
  if (replacedAt === null) await retireUnexchanged(inner, family);
  await writeAudit(inner, { verb: "refresh", details: { client, family, again: replacedAt !== null } });
  return issuePair(inner, { owner, client, family });
}

async function readLocked(ctx: AccessContext, hash: string) {
  const read = () =>
    ctx.db
      .select({ held: credential, owner: person })
      .from(credential)
      .innerJoin(person, eq(person.id, credential.personId))
      .where(and(eq(credential.hash, hash), eq(credential.kind, "refresh")));
  const [found] = await read();
  if (!found?.held.family) return null;
  const { family } = found.held;
  await lockFamily(ctx, family);
  const [now] = await read();
  return now === undefined ? null : { ...now.held, family, owner: now.owner };
}

/**
 * Retires the token and its siblings: a resend makes two of them, and only the one that is used lives on, so
 * that a thief who resent is found out when the owner comes, or the other way round.
 */
async function retireUnexchanged(ctx: AccessContext, family: string): Promise<void> {
  await ctx.db
    .update(credential)
    .set({ replacedAt: new Date(ctx.clock()) })
    .where(and(eq(credential.family, family), eq(credential.kind, "refresh"), isNull(credential.replacedAt)));
}
