import { and, eq } from "drizzle-orm";
import * as v from "valibot";
import type { Context } from "../../context.ts";
import { pairing } from "../../db/schema.ts";
import { ConflictError, NotFoundError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { withTransaction } from "../with-transaction.ts";
import type { AccessContext } from "./access-context.ts";
import { lookUpPairing, requirePerson } from "./look-up-pairing.ts";

export const ApproveInput = v.object({ userCode: v.string(), approve: v.boolean() });
export type ApproveInput = v.InferOutput<typeof ApproveInput>;

export interface PairingDecision {
  client: string;
  approved: boolean;
}

/** A person lets an extension in under their own role, or refuses it. */
export async function approvePairing(ctx: Context, input: ApproveInput): Promise<PairingDecision> {
  const decision = await withTransaction(ctx, (inner) => decide(inner, input));
  if (decision === null) throw new NotFoundError("a pairing with this code");
  return decision;
}

async function decide(
  ctx: AccessContext,
  { userCode, approve }: ApproveInput,
): Promise<PairingDecision | null> {
  const found = await lookUpPairing(ctx, userCode);
  if (found === null) return null;
  const decided = await ctx.db
    .update(pairing)
    .set({ status: approve ? "approved" : "denied", personId: requirePerson(ctx) })
    .where(and(eq(pairing.deviceHash, found.deviceHash), eq(pairing.status, "pending")))
    .returning({ client: pairing.client });
  if (decided.length === 0) throw new ConflictError("conflict", "somebody decided about this code before");
  const { client } = found;
  await writeAudit(ctx, { verb: approve ? "pairing.approve" : "pairing.deny", details: { client } });
  return { client, approved: approve };
}
