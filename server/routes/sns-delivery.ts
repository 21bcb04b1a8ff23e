import { createMiddleware } from "hono/factory";
import { requestContext } from "../auth/request-context.ts";
import { type Sns, topicActor } from "../auth/sns.ts";
import { parseSns } from "../auth/sns-message.ts";
import type { Deps } from "../context.ts";
import { acceptAlerts } from "../services/alerts/accept-alerts.ts";
import type { AppEnv } from "./app-env.ts";
import { requestedAlerts } from "./intake.ts";
import { onceByMessage, saysSns, withSns } from "./sns-headers.ts";

/**
 * `POST /ingest` and `/ingest/{format}` by Amazon SNS, which can send no token: the signature and the topics of the
 * policy stand for it. Every other request goes on to the guard, one that shows a credential too.
 */
export function snsDelivery(deps: Deps, sns: Sns) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const isDelivery = c.req.method === "POST" && saysSns(c.req);
    if (!isDelivery || c.req.header("Authorization") !== undefined) return next();
    const request = withSns(await requestedAlerts(c, deps.policy()), sns, c.req);
    const message = parseSns(request.body);
    const actor = topicActor(message);
    const idempotency = message === null ? null : onceByMessage(message);
    const ctx = { ...requestContext(deps, actor, c.var.requestId), idempotency };
    return c.json(await acceptAlerts(ctx, deps.intake, request), 202);
  });
}
