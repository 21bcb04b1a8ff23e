import { type Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { guard } from "../auth/guard.ts";
import type { Deps } from "../context.ts";
import { ConflictError } from "../errors.ts";
import type { AppEnv } from "../routes/app-env.ts";
import { alertsRequest } from "../routes/intake.ts";
import { acceptAlerts } from "../services/alerts/accept-alerts.ts";
import { beat } from "../services/heartbeats/beat.ts";
import { listHeartbeats } from "../services/heartbeats/list-heartbeats.ts";
import { actByName } from "../services/stand-ins/act-by-name.ts";
import { itemOfId } from "../services/stand-ins/item-of-id.ts";
import { standingOf } from "../services/stand-ins/standing-of.ts";
import { readAlertaAction } from "./alerta-actions.ts";
import { alertaAlert, sentAlert } from "./alerta-alert.ts";
import { alertaConfig } from "./alerta-config.ts";
import { alertaHeartbeat, readAlertaHeartbeat } from "./alerta-heartbeat.ts";
import { answerNatively, type NativeRefusal } from "./answer-natively.ts";
import { readJsonObject } from "./read-json.ts";

/** How long an alert may take to be triaged before its sender is told that it is not listed yet. */
const waitMs = 5_000;
const mostHeartbeats = 1_000;

/**
 * What senders and the command line of Alerta need: alerts, heartbeats, one alert by its id, and its status where
 * that is one of our actions. An API token as `Authorization: Key`, `X-API-Key` or `?api-key`, as a bearer token or
 * as a password.
 */
export function alertaStandIn(deps: Deps) {
  const app = new Hono<AppEnv>()
    .get("/api/config", (c) => c.json(alertaConfig, 200))
    .use(guard(deps, { basic: true, elsewhere: keyOf }))
    .post("/api/alert", async (c) => takeAlert(c, deps))
    .get("/api/alert/:id", async (c) => {
      const alert = alertaAlert(await itemOfId(c.var.ctx, c.req.param("id")));
      return c.json({ status: "ok", total: 1, alert }, 200);
    })
    .put("/api/alert/:id/status", async (c) => {
      const asked = readAlertaAction("status", await readJsonObject(c));
      await actByName(c.var.ctx, c.req.param("id"), asked).catch(ignoreIfSoAlready);
      return c.json({ status: "ok" }, 200);
    })
    .put("/api/alert/:id/action", async (c) => {
      const asked = readAlertaAction("action", await readJsonObject(c));
      await actByName(c.var.ctx, c.req.param("id"), asked);
      return c.json({ status: "ok" }, 200);
    })
    .post("/api/heartbeat", async (c) => {
      const kept = await beat(c.var.ctx, readAlertaHeartbeat(await readJsonObject(c)));
      const heartbeat = alertaHeartbeat(kept, deps.clock());
      return c.json({ status: "ok", id: kept.id, heartbeat }, 201);
    })
    .get("/api/heartbeats", async (c) => {
      const { items, next } = await listHeartbeats(c.var.ctx, { limit: mostHeartbeats });
      const heartbeats = items.map((one) => alertaHeartbeat(one, deps.clock()));
      const page = { page: 1, pageSize: mostHeartbeats, pages: 1, more: next !== null };
      return c.json({ status: "ok", ...page, heartbeats, total: heartbeats.length }, 200);
    });
  answerNatively(app, deps.log, refuse);
  return app;
}

async function takeAlert(c: Context<AppEnv>, { intake }: Deps): Promise<Response> {
  const sent = await readJsonObject(c);
  const request = { ...(await alertsRequest(c, "alerta")), contentType: "application/json", wait: waitMs };
  const { receipt, groups = [] } = await acceptAlerts(c.var.ctx, intake, request);
  const [group] = groups;
  const standing = group === undefined ? null : await standingOf(c.var.ctx, group.group);
  if (standing === null) {
    return c.json(
      { status: "ok", id: group?.group ?? receipt, message: "accepted, and not listed yet" },
      202,
    );
  }
  return c.json({ status: "ok", id: standing.id, alert: sentAlert(sent, standing) }, 201);
}

/** A status may be set again there; an action may not be done again. */
function ignoreIfSoAlready(error: unknown): void {
  if (!(error instanceof ConflictError)) throw error;
}

/** In the order in which Alerta looks. */
function keyOf(c: Context): string | null {
  const [, key] = /^Key +(\S+)/.exec(c.req.header("Authorization") ?? "") ?? [];
  return key ?? c.req.header("X-API-Key") ?? c.req.query("api-key") ?? null;
}

const refuse: NativeRefusal = (c, status, message, error) => {
  const native: ContentfulStatusCode = status === 422 ? 400 : status;
  const errors = error?.issues?.map((issue) => issue.message) ?? null;
  return c.json({ status: "error", message, code: native, requestId: c.var.requestId, errors }, native);
};
