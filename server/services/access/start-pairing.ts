import { and, count, eq, gt, lt } from "drizzle-orm";
import type { DeviceAnswer } from "../../../shared/access.ts";
import { hashSecret, newSecret } from "../../auth/secret.ts";
import { newUserCode } from "../../auth/user-code.ts";
import { pairing } from "../../db/schema.ts";
import { InvalidError, OverloadedError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext } from "./access-context.ts";
import { lifetimes, pollEvery } from "./lifetimes.ts";

const mostPending = 100;
const keptAfterEnd = 24 * 60 * 60 * 1_000;

/** RFC 8628 section 3.1: an extension asks to be let in by a person. */
export async function startPairing(
  ctx: AccessContext,
  client: string,
  publicUrl: string,
): Promise<DeviceAnswer> {
  // RFC 6749 appendix A.1; a person reads it before saying yes, so nothing in it may hide or turn around.
  if (!/^[\x20-\x7e]+$/.test(client)) throw new InvalidError("client_id: only printable ASCII is allowed");
  const device = newSecret("device");
  const userCode = await ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db };
    await makeRoom(inner);
    const code = await insertPairing(inner, hashSecret(device), client);
    await writeAudit(inner, { verb: "pairing.start", details: { client } });
    return code;
  });
  const page = `${publicUrl}/pair`;
  return {
    device_code: device,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?code=${userCode}`,
    expires_in: lifetimes.pairing / 1_000,
    interval: pollEvery / 1_000,
  };
}

async function makeRoom(ctx: AccessContext): Promise<void> {
  const now = ctx.clock();
  await ctx.db.delete(pairing).where(lt(pairing.expiresAt, new Date(now - keptAfterEnd)));
  const [waiting] = await ctx.db
    .select({ pairings: count() })
    .from(pairing)
    .where(and(eq(pairing.status, "pending"), gt(pairing.expiresAt, new Date(now))));
  if ((waiting?.pairings ?? 0) < mostPending) return;
  throw new OverloadedError("too many extensions wait to be let in; try again in a minute", 60);
}

async function insertPairing(ctx: AccessContext, deviceHash: string, client: string): Promise<string> {
  const now = ctx.clock();
  const [added] = await ctx.db
    .insert(pairing)
    .values({
      deviceHash,
      userCode: newUserCode(),
      client,
      status: "pending",
      createdAt: new Date(now),
      expiresAt: new Date(now + lifetimes.pairing),
    })
    .onConflictDoNothing()
    .returning({ userCode: pairing.userCode });
  return added?.userCode ?? insertPairing(ctx, deviceHash, client);
}
