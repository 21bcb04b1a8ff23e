import { Hono } from "hono";
import type { Deps } from "../context.ts";
import { ServiceError } from "../errors.ts";
import type { AppEnv } from "../routes/app-env.ts";
import { alertsRequest } from "../routes/intake.ts";
import { acceptAlerts } from "../services/alerts/accept-alerts.ts";

/**
 * What Prometheus needs of an Alertmanager: `POST /api/v2/alerts`. Answers as Alertmanager does, an empty 200 or an
 * error as a JSON string; overload is 503, which Prometheus sends again.
 */
export function alertmanagerStandIn({ intake }: Pick<Deps, "intake">) {
  const app = new Hono<AppEnv>().post("/api/v2/alerts", async (c) => {
    await acceptAlerts(c.var.ctx, intake, await alertsRequest(c, "alertmanager"));
    return c.body(null, 200);
  });
  app.onError((error, c) => {
    if (!(error instanceof ServiceError)) throw error;
    if (error.retryAfter !== undefined) c.header("Retry-After", String(error.retryAfter));
    return c.json(error.message, error.status === 422 ? 400 : error.status);
  });
  return app;
}
