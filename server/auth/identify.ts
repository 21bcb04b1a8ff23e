import type { Actor, Deps } from "../context.ts";
import type { CredentialKind } from "../db/schema.ts";
import { ServiceError } from "../errors.ts";
import { adminActor } from "./actors.ts";
import { credentialsOf } from "./credentials.ts";
import { looksLike, secretMatcher } from "./secret.ts";
import { createWorkloads, looksLikeJwt } from "./workload.ts";

/** How a secret came: each way takes its own kinds, so that one stolen from here is no use there. */
export type Carrier = "bearer" | "password" | "path" | "cookie";

const kindsOf: Record<Carrier, readonly CredentialKind[]> = {
  bearer: ["api", "access"],
  password: ["api"],
  path: ["api"],
  cookie: ["session"],
};

/** What it takes to say who asks. */
export type IdentifyDeps = Pick<Deps, "store" | "clock" | "env" | "log" | "fetch" | "policy">;

type Identify = (secret: string, carrier: Carrier) => Promise<Actor>;

/** @throws ServiceError `unauthenticated`, or `sign_in_expired` for a secret whose time is over */
export function createIdentify(deps: IdentifyDeps): Identify {
  const credentials = credentialsOf(deps);
  const workloads = createWorkloads(deps);
  const { adminToken } = deps.env;
  const isAdminToken = adminToken === null ? () => false : secretMatcher(adminToken);
  return async (secret, carrier) => {
    if (carrier === "bearer" && isAdminToken(secret)) return adminActor;
    if (carrier === "bearer" && looksLikeJwt(secret)) return workloads(secret);
    if (!kindsOf[carrier].some((kind) => looksLike(kind, secret))) throw unauthenticated();
    const known = await credentials.find(secret);
    if (known === null || !kindsOf[carrier].includes(known.kind)) throw unauthenticated();
    if (known.revokedAt !== null || known.expiresAt <= deps.clock()) {
      throw new ServiceError("sign_in_expired", "this sign-in or token has ended; sign in again");
    }
    credentials.noteUse(known);
    return known.actor;
  };
}

export function unauthenticated(): ServiceError {
  return new ServiceError("unauthenticated", "sign in, or send a token as Authorization: Bearer");
}
