import { eq } from "drizzle-orm";
import type { TokenAnswer } from "../../../shared/access.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { personActor } from "../../auth/actors.ts";
import { hashSecret } from "../../auth/secret.ts";
import { pairing } from "../../db/schema.ts";
import { ServiceError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { AccessContext } from "./access-context.ts";
import { issuePair } from "./issue-pair.ts";
import { pollEvery } from "./lifetimes.ts";
import { noteSignIn } from "./note-sign-in.ts";

type Pairing = typeof pairing.$inferSelect;

/** What a clock that is a little off may be early by. */
const tolerance = 1_000;

/**
 * RFC 8628 section 3.4: the extension asks whether a person has let it in, and gets its tokens once.
 * @throws ServiceError with a code of section 3.5
 */
export async function exchangeDeviceCode(ctx: AccessContext, deviceCode: string): Promise<TokenAnswer> {
  // Thrown only after the commit, which keeps when it was asked last.
  const outcome = await ctx.db.transaction(async (db) => {
    const inner = { ...ctx, db };
    const byDevice = eq(pairing.deviceHash, hashSecret(deviceCode));
    const [found] = await db.select().from(pairing).where(byDevice).for("update");
    if (found === undefined) return new ServiceError("invalid_grant", "this device code is not known");
    const refusal = refusalOf(found, ctx.clock());
    if (refusal === null) return letIn(inner, found);
    await db
      .update(pairing)
      .set({ polledAt: new Date(ctx.clock()) })
      .where(byDevice);
    return refusal;
  });
  if (outcome instanceof ServiceError) throw outcome;
  return outcome;
}

function refusalOf({ status, expiresAt, polledAt }: Pairing, now: number): ServiceError | null {
  if (status === "used") return new ServiceError("invalid_grant", "this device code was used before");
  if (expiresAt.getTime() <= now)
    return new ServiceError("expired_token", "this device code is over; start again");
  if (status === "denied") return new ServiceError("access_denied", "a person refused this extension");
  if (status === "approved") return null;
  return polledAt !== null && now - polledAt.getTime() < pollEvery - tolerance
    ? new ServiceError("slow_down", "asked again too soon; wait five seconds longer between two calls")
    : new ServiceError("authorization_pending", "nobody has let this extension in yet");
}

async function letIn(ctx: AccessContext, found: Pairing): Promise<TokenAnswer | ServiceError> {
  const owner = found.personId === null ? undefined : await noteSignIn(ctx, found.personId);
  if (owner === undefined) return new ServiceError("access_denied", "whoever let this extension in is gone");
  await ctx.db.update(pairing).set({ status: "used" }).where(eq(pairing.deviceHash, found.deviceHash));
  const { client } = found;
  const family = uuidv7(ctx.clock());
  const answer = await issuePair(ctx, { owner, client, family });
  const audited = { ...ctx, actor: personActor(owner, null) };
  await writeAudit(audited, { verb: "sign-in", details: { by: "pairing", client, family } });
  return answer;
}
