import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { guard } from "../auth/guard.ts";
import type { Deps } from "../context.ts";
import { ServiceError } from "../errors.ts";
import type { AppEnv } from "../routes/app-env.ts";
import { alertsRequest } from "../routes/intake.ts";
import { acceptAlerts } from "../services/alerts/accept-alerts.ts";

/**
 * What Prometheus needs of an Alertmanager: `POST /api/v2/alerts`. Answers as Alertmanager does, an empty 200 or an
 * error as a JSON string; overload is 503, which Prometheus sends again. A token may also come as the password of
 * HTTP basic authentication.
 */
export function alertmanagerStandIn(deps: Deps) {
  const app = new Hono<AppEnv>().use(guard(deps, { basic: true })).post("/api/v2/alerts", async (c) => {
    await acceptAlerts(c.var.ctx, deps.intake, await alertsRequest(c, "alertmanager"));
    return c.body(null, 200);
  });
  app.onError((error, c) => {
    if (error instanceof ServiceError) return refuse(c, error);
    const { requestId } = c.var;
    deps.log("error", "api.failed", {
      requestId,
      path: c.req.path,
      message: error.message,
      stack: error.stack,
    });
    return c.json(`something went wrong here; it was logged as ${requestId}`, 500);
  });
  return app;
}

function refuse(c: Context<AppEnv>, { message, status, retryAfter }: ServiceError): Response {
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  const native: ContentfulStatusCode = status === 422 ? 400 : status;
  return c.json(message, native);
}
