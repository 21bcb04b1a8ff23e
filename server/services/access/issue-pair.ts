import type { TokenAnswer } from "../../../shared/access.ts";
import type { person } from "../../db/schema.ts";
import type { AccessContext } from "./access-context.ts";
import { insertCredential } from "./insert-credential.ts";
import { lifetimes } from "./lifetimes.ts";

interface PairOf {
  owner: Pick<typeof person.$inferSelect, "id" | "name">;
  client: string;
  family: string;
}

/** An access token and the refresh token that follows it. */
export async function issuePair(ctx: AccessContext, { owner, client, family }: PairOf): Promise<TokenAnswer> {
  const given = { name: client, personId: owner.id, createdBy: owner.name, family };
  const access = await insertCredential(ctx, { kind: "access", ...given }, lifetimes.access);
  const refresh = await insertCredential(ctx, { kind: "refresh", ...given }, lifetimes.refresh);
  return {
    access_token: access.secret,
    token_type: "Bearer",
    expires_in: lifetimes.access / 1_000,
    refresh_token: refresh.secret,
  };
}
