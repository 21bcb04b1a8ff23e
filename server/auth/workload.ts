import { createRemoteJWKSet, customFetch, decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { Workload } from "../../shared/intake-policy.ts";
import type { Actor, Deps } from "../context.ts";
import { NotAllowedError, OverloadedError, ServiceError } from "../errors.ts";
import { isNamedBy } from "./name-pattern.ts";

type WorkloadDeps = Pick<Deps, "clock" | "fetch" | "log" | "policy">;
type Keys = ReturnType<typeof createRemoteJWKSet>;

const algorithms = ["RS256", "ES256"];
const longestToken = 8 * 1024;
const timeoutDuration = 5_000;
const retrySeconds = 5;
/** Problems with the issuer's keys and not with the token. */
const keyProblems = ["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"];

export function looksLikeJwt(text: string): boolean {
  return text.length <= longestToken && /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(text);
}

/**
 * Whom a token of another identity provider stands for, by the workloads of the policy; they may write alerts and do
 * nothing else. Keys are fetched once and again when a token names one that is not among them.
 * The function throws ServiceError unauthenticated, sign_in_expired, not_allowed, overloaded.
 */
export function createWorkloads(deps: WorkloadDeps): (token: string) => Promise<Actor> {
  const keysByUrl = new Map<string, Keys>();
  const keysAt = (url: string): Keys => {
    const known = keysByUrl.get(url);
    if (known !== undefined) return known;
    const fresh = createRemoteJWKSet(new URL(url), { timeoutDuration, [customFetch]: deps.fetch });
    keysByUrl.set(url, fresh);
    return fresh;
  };
  return async (token) => {
    const claimed = claimsOf(token);
    const trusted = deps.policy().intake.workloads.filter(({ issuer }) => isIssuedBy(claimed, issuer));
    try {
      return await actorFor(token, trusted, keysAt, deps.clock());
    } catch (error) {
      const refusal = error instanceof ServiceError ? error : refusalOf(error);
      deps.log("warn", "auth.workload.refused", { issuer: claimed.iss ?? null, reason: refusal.message });
      throw refusal;
    }
  };
}

/** What the token says of itself, before anything of it is believed. */
function claimsOf(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

/** Google leaves the scheme out in some of its tokens. */
function isIssuedBy({ iss }: JWTPayload, issuer: string): boolean {
  return iss === issuer || (iss === "accounts.google.com" && issuer === `https://${iss}`);
}

async function actorFor(
  token: string,
  trusted: readonly Workload[],
  keysAt: (url: string) => Keys,
  now: number,
): Promise<Actor> {
  const [first] = trusted;
  if (first === undefined) {
    throw new ServiceError("unauthenticated", "the policy names no workload of this token's issuer");
  }
  let refusal: unknown;
  for (const url of new Set(trusted.map(({ jwksUrl }) => jwksUrl))) {
    try {
      const { payload } = await jwtVerify(token, keysAt(url), {
        algorithms,
        requiredClaims: ["exp", "aud", "iss"],
        clockTolerance: 60,
        currentDate: new Date(now),
      });
      return allowed(
        payload,
        trusted.filter(({ jwksUrl }) => jwksUrl === url),
      );
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** @throws NotAllowedError */
function allowed(claims: JWTPayload, workloads: readonly Workload[]): Actor {
  const audiences = [claims.aud ?? []].flat();
  const ofAudience = workloads.filter(({ audience }) => audiences.includes(audience));
  if (ofAudience.length === 0) throw new NotAllowedError("the token is meant for another audience");
  const email = claims.email_verified === true && typeof claims.email === "string" ? claims.email : null;
  const { sub = null } = claims;
  const found = ofAudience.find(({ emails, subjects }) => isAmong(email, emails) || isAmong(sub, subjects));
  if (found === undefined) {
    throw new NotAllowedError(
      "the policy does not let this account in; it names verified emails or subjects",
    );
  }
  return workloadActor(found, isAmong(email, found.emails) ? email : sub);
}

function isAmong(name: string | null, patterns: readonly string[]): boolean {
  return name !== null && patterns.some((pattern) => isNamedBy(name, pattern));
}

function workloadActor({ issuer, severityCeiling }: Workload, account: string | null): Actor {
  const name = (account ?? "").replaceAll("\0", "").toWellFormed();
  return { ...senderOnly, id: `workload:${issuer}:${name}`, name, severityCeiling };
}

/** Somebody who may write alerts and nothing else, without a credential of ours. */
export const senderOnly = {
  personId: null,
  role: "detector",
  scopes: new Set(["alerts:write"]),
  environments: null,
  services: null,
  severityCeiling: null,
  credentialId: null,
} as const satisfies Partial<Actor>;

function refusalOf(error: unknown): ServiceError {
  if (error instanceof errors.JWTExpired) {
    return new ServiceError("sign_in_expired", "the workload's token has expired");
  }
  const code = error instanceof errors.JOSEError ? error.code : null;
  if (code === null || keyProblems.includes(code)) {
    return new OverloadedError("the keys of the token's issuer cannot be read now", retrySeconds);
  }
  return new ServiceError("unauthenticated", "the workload's token is not valid");
}
