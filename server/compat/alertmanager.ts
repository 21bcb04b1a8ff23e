import { Hono } from "hono";
import * as v from "valibot";
import { guard } from "../auth/guard.ts";
import type { Deps } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { parse } from "../parse.ts";
import type { AppEnv } from "../routes/app-env.ts";
import { alertsRequest } from "../routes/intake.ts";
import { limitBody } from "../routes/limit-body.ts";
import { IdParam } from "../routes/valid.ts";
import { acceptAlerts } from "../services/alerts/accept-alerts.ts";
import { checkReadiness } from "../services/health/check-readiness.ts";
import { addSilence } from "../services/silences/create-silence.ts";
import { currentSilences } from "../services/silences/current-silences.ts";
import { editSilence } from "../services/silences/edit-silence.ts";
import { expireSilence } from "../services/silences/expire-silence.ts";
import { OverCriticalError } from "../services/silences/require-no-critical.ts";
import { showSilence } from "../services/silences/show-silence.ts";
import { receiver } from "./alertmanager-alert.ts";
import { answerAlertGroups, answerAlerts, filtersOf } from "./alertmanager-firing.ts";
import { gettableSilence, hasMatchers, inNativeOrder, readPostable } from "./alertmanager-silence.ts";
import { statusOf } from "./alertmanager-status.ts";
import { answerNatively } from "./answer-natively.ts";
import { readJsonObject } from "./read-json.ts";

/**
 * What Prometheus, amtool and the boards of Alertmanager need of one. Answers as it does: an empty 200 to alerts, an
 * error as a JSON string; overload is 503, which Prometheus sends again. A token may also come as the password of
 * HTTP basic authentication.
 */
export function alertmanagerStandIn(deps: Deps) {
  const app = new Hono<AppEnv>().route("/", healthRoutes(deps)).use(limitBody, guard(deps, { basic: true }));
  app.route("/api/v2", silenceRoutes());
  app
    .post("/api/v2/alerts", async (c) => {
      const request = await alertsRequest(c, "alertmanager");
      const { rejected } = await acceptAlerts(c.var.ctx, deps.intake, request);
      if (rejected.length === 0) return c.body(null, 200);
      // Those that are good are kept, and it says of the others what is wrong.
      const messages = rejected.slice(0, 10).map(({ index, message }) => `alert ${index}: ${message}`);
      return c.json(`${rejected.length} not taken; ${messages.join("; ")}`, 400);
    })
    .get("/api/v2/alerts", (c) => answerAlerts(c, deps))
    .get("/api/v2/alerts/groups", (c) => answerAlertGroups(c, deps))
    .get("/api/v2/receivers", (c) => c.json([receiver], 200));
  const status = statusOf(deps.clock());
  app.get("/api/v2/status", (c) => c.json(status, 200));
  app.all("*", () => {
    throw new NotFoundError("this path");
  });
  answerNatively(app, deps.log, (c, status, message, error) => {
    // Clients show the sentence of a 400 only.
    const isBad = status === 422 || error instanceof OverCriticalError;
    return c.json(message, isBad ? 400 : status);
  });
  return app;
}

function healthRoutes(deps: Deps) {
  return new Hono<AppEnv>()
    .get("/-/healthy", (c) => c.text("OK", 200))
    .get("/-/ready", async (c) => {
      const { status } = await checkReadiness(deps);
      return status === "ready" ? c.text("OK", 200) : c.text("Not ready", 503);
    });
}

function silenceRoutes() {
  return new Hono<AppEnv>()
    .get("/silences", async (c) => {
      const wanted = filtersOf(c);
      const found = (await currentSilences(c.var.ctx)).filter((silence) => hasMatchers(silence, wanted));
      return c.json(inNativeOrder(found).map(gettableSilence), 200);
    })
    .post("/silences", async (c) => {
      const { id, draft } = readPostable(await readJsonObject(c));
      const { ctx } = c.var;
      const silenceID = id === null ? await addSilence(ctx, draft) : await editSilence(ctx, idOf(id), draft);
      return c.json({ silenceID }, 200);
    })
    .get("/silence/:id", async (c) =>
      c.json(gettableSilence(await showSilence(c.var.ctx, idOf(c.req.param("id")))), 200),
    )
    .delete("/silence/:id", async (c) => {
      await expireSilence(c.var.ctx, idOf(c.req.param("id")));
      return c.body(null, 200);
    });
}

/** What is no id of ours names nothing that is there. */
function idOf(id: string): string {
  if (!v.is(IdParam, { id })) throw new NotFoundError("the silence");
  return parse(IdParam, { id }).id;
}
