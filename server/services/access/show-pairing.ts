import { NotFoundError } from "../../errors.ts";
import type { AccessContext } from "./access-context.ts";
import { lookUpPairing } from "./look-up-pairing.ts";

export interface PairingRequest {
  client: string;
  userCode: string;
  status: "pending" | "approved" | "denied" | "used";
  createdAt: string;
  expiresAt: string;
}

/** What a person is asked to let in. */
export async function showPairing(ctx: AccessContext, typed: string): Promise<PairingRequest> {
  const found = await ctx.db.transaction((db) => lookUpPairing({ ...ctx, db }, typed));
  if (found === null) throw new NotFoundError("a pairing with this code");
  const { client, userCode, status } = found;
  return {
    client,
    userCode,
    status,
    createdAt: found.createdAt.toISOString(),
    expiresAt: found.expiresAt.toISOString(),
  };
}
