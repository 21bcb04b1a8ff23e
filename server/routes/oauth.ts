import { type Context, Hono } from "hono";
import * as v from "valibot";
import { DeviceInput, deviceGrant, TokenInput } from "../../shared/access.ts";
import { anonymousActor } from "../auth/actors.ts";
import { credentialsOf } from "../auth/credentials.ts";
import type { GuardDeps } from "../auth/guard.ts";
import { requestContext } from "../auth/request-context.ts";
import { ServiceError } from "../errors.ts";
import { exchangeDeviceCode } from "../services/access/exchange-device-code.ts";
import { refreshAccess } from "../services/access/refresh-access.ts";
import { revokeCredential } from "../services/access/revoke-credential.ts";
import { startPairing } from "../services/access/start-pairing.ts";
import type { AppEnv } from "./app-env.ts";
import { oauthBody, smallBody } from "./oauth-body.ts";

const RevokeInput = v.object({ token: v.string(), token_type_hint: v.optional(v.string()) });
const unsupported = "only a device code or a refresh token is exchanged here";
const grants: readonly string[] = TokenInput.options.map((option) => option.entries.grant_type.literal);
const isServed = (grant: string) => grants.includes(grant);
const GrantInput = v.pipe(
  v.looseObject({ grant_type: v.pipe(v.string(), v.check(isServed, unsupported)) }),
  TokenInput,
);

/** Pairing, refresh and sign-out of the extension: RFC 8628, 6749 and 7009, errors in their shape. */
export function oauthRoutes(deps: GuardDeps) {
  const open = (c: Context<AppEnv>) => ({
    ...requestContext(deps, anonymousActor, c.var.requestId),
    credentials: credentialsOf(deps),
  });
  return new Hono<AppEnv>()
    .onError(answerInOauthShape)
    .post("/device", smallBody, oauthBody(DeviceInput), async (c) => {
      const publicUrl = deps.env.publicUrl ?? new URL(c.req.url).origin;
      const answer = await startPairing(open(c), c.req.valid("json").client_id, publicUrl);
      return c.json(answer, 200, noStore);
    })
    .post("/token", smallBody, oauthBody(GrantInput), async (c) => {
      const input = c.req.valid("json");
      const answer =
        input.grant_type === deviceGrant
          ? await exchangeDeviceCode(open(c), input.device_code)
          : await refreshAccess(open(c), input.refresh_token);
      return c.json(answer, 200, noStore);
    })
    .post("/revoke", smallBody, oauthBody(RevokeInput), async (c) => {
      await revokeCredential(open(c), c.req.valid("json").token);
      return c.json({}, 200, noStore);
    });
}

const noStore = { "Cache-Control": "no-store", Pragma: "no-cache" };

const sameInOauth = new Set([
  "authorization_pending",
  "slow_down",
  "expired_token",
  "invalid_grant",
  "access_denied",
]);

/** RFC 6749 section 5.2; what is no refusal goes on to the application. */
function answerInOauthShape(error: Error, c: Context): Response {
  if (!(error instanceof ServiceError)) throw error;
  const body = { error: oauthCode(error), error_description: error.message };
  if (error.retryAfter !== undefined) c.header("Retry-After", String(error.retryAfter));
  return c.json(body, error.status === 422 ? 400 : error.status, noStore);
}

function oauthCode({ code, issues }: ServiceError): string {
  if (sameInOauth.has(code)) return code;
  if (issues?.some(({ message }) => message === unsupported)) return "unsupported_grant_type";
  if (code === "overloaded") return "temporarily_unavailable";
  return "invalid_request";
}
