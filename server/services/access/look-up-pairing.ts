import { and, count, eq, gt, gte } from "drizzle-orm";
import { firstUuidOf } from "../../../shared/uuid.ts";
import { readUserCode } from "../../auth/user-code.ts";
import { audit, pairing, person } from "../../db/schema.ts";
import { NotAllowedError, ServiceError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext } from "./access-context.ts";

const wrongCode = "pairing.wrong-code";
const mostWrong = 5;
const within = 60_000;

/**
 * The pairing of a code that the person typed, decided or not; null when there is none. RFC 8628 section 5.1:
 * guesses are limited, and counted in the audit, so the caller must commit also when it is null.
 * @throws ServiceError `not_allowed` unless a person asks, `slow_down` after five wrong codes in a minute
 */
export async function lookUpPairing(
  ctx: AccessContext,
  typed: string,
): Promise<typeof pairing.$inferSelect | null> {
  const personId = requirePerson(ctx);
  // One guess of a person at a time, else a burst of them would pass before the first was counted.
  await ctx.db.select({ id: person.id }).from(person).where(eq(person.id, personId)).for("update");
  await refuseGuessing(ctx);
  const code = readUserCode(typed);
  if (code !== null) {
    const [found] = await ctx.db
      .select()
      .from(pairing)
      .where(and(eq(pairing.userCode, code), gt(pairing.expiresAt, new Date(ctx.clock()))));
    if (found !== undefined) return found;
  }
  await writeAudit(ctx, { verb: wrongCode, details: {} });
  return null;
}

/** @throws NotAllowedError */
export function requirePerson(ctx: AccessContext): string {
  if (ctx.actor.personId !== null) return ctx.actor.personId;
  throw new NotAllowedError("this needs a person who is signed in, not a token");
}

async function refuseGuessing(ctx: AccessContext): Promise<void> {
  const recent = and(
    gte(audit.id, firstUuidOf(ctx.clock() - within)),
    eq(audit.actorId, ctx.actor.id),
    eq(audit.verb, wrongCode),
  );
  const [wrong] = await ctx.db.select({ codes: count() }).from(audit).where(recent);
  if ((wrong?.codes ?? 0) < mostWrong) return;
  throw new ServiceError("slow_down", "too many wrong codes; wait a minute, then try again", {
    retryAfter: 60,
  });
}
