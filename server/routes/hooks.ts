import { Hono, type Context as HonoContext } from "hono";
import { createIdentify } from "../auth/identify.ts";
import { requestContext } from "../auth/request-context.ts";
import type { Sns } from "../auth/sns.ts";
import { parseSns } from "../auth/sns-message.ts";
import type { Actor, Deps } from "../context.ts";
import { NotAllowedError } from "../errors.ts";
import { acceptAlerts } from "../services/alerts/accept-alerts.ts";
import type { AppEnv } from "./app-env.ts";
import { idempotent } from "./idempotent.ts";
import { requestedAlerts } from "./intake.ts";
import { onceByMessage, saysSns, withSns } from "./sns-headers.ts";

/**
 * `POST /hooks/{token}` and `/hooks/{token}/{format}`, for senders that can set nothing but an address. An address
 * ends up in other people's logs, so only a token that can do nothing but write alerts is taken.
 */
export function hookRoutes(deps: Deps, sns: Sns) {
  const identify = createIdentify(deps);
  const take = async (c: HonoContext<AppEnv>) => {
    const request = withSns(await requestedAlerts(c, deps.policy()), sns, c.req);
    const message = saysSns(c.req) ? parseSns(request.body) : null;
    const ctx = message === null ? c.var.ctx : { ...c.var.ctx, idempotency: onceByMessage(message) };
    return c.json(await acceptAlerts(ctx, deps.intake, request), 202);
  };
  return new Hono<AppEnv>()
    .use("/:token/*", async (c, next) => {
      const actor = await identify(c.req.param("token"), "path");
      requireSenderOnly(actor);
      c.set("actor", actor);
      c.set("ctx", requestContext(deps, actor, c.var.requestId));
      await next();
    })
    .use("/:token/*", idempotent)
    .post("/:token", take)
    .post("/:token/:format", take);
}

/** @throws NotAllowedError */
function requireSenderOnly({ scopes }: Actor): void {
  if (scopes.size === 1 && scopes.has("alerts:write")) return;
  throw new NotAllowedError("in an address only a token is taken whose one scope is alerts:write");
}
