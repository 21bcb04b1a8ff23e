import { Hono } from "hono";
import { guard } from "./auth/guard.ts";
import { createSns, type Sns } from "./auth/sns.ts";
import { alertaStandIn } from "./compat/alerta.ts";
import { alertmanagerStandIn } from "./compat/alertmanager.ts";
import { opsgenieStandIn } from "./compat/opsgenie.ts";
import { pagerdutyStandIn } from "./compat/pagerduty.ts";
import type { Deps } from "./context.ts";
import { NotFoundError } from "./errors.ts";
import { actionRoutes } from "./routes/actions.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { answerError } from "./routes/answer-error.ts";
import type { AppEnv } from "./routes/app-env.ts";
import { authRoutes } from "./routes/auth.ts";
import { changeRoutes } from "./routes/changes.ts";
import { cloudEventHandshake } from "./routes/cloud-event.ts";
import { docsRoutes } from "./routes/docs.ts";
import { entityRoutes } from "./routes/entities.ts";
import { exportRoutes } from "./routes/export.ts";
import { groupRoutes } from "./routes/groups.ts";
import { healthRoutes } from "./routes/health.ts";
import { heartbeatRoutes } from "./routes/heartbeats.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { idempotent } from "./routes/idempotent.ts";
import { intakeRoutes } from "./routes/intake.ts";
import { limitBody } from "./routes/limit-body.ts";
import { meRoutes } from "./routes/me.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { pageRoutes } from "./routes/pages.ts";
import { policyRoutes } from "./routes/policy.ts";
import { queueRoutes } from "./routes/queue.ts";
import { rejectRoutes } from "./routes/rejects.ts";
import { reportRoutes } from "./routes/reports.ts";
import { requestLog } from "./routes/request-log.ts";
import { silenceRoutes } from "./routes/silences.ts";
import { snsDelivery } from "./routes/sns-delivery.ts";
import { sourceRoutes } from "./routes/sources.ts";
import { type StreamOptions, streamRoutes } from "./routes/stream.ts";
import { tokenRoutes } from "./routes/tokens.ts";
import { trySourceRoutes } from "./routes/try-source.ts";

export interface AppOptions extends StreamOptions {
  /** Folder of the built dashboard; null serves the API alone. */
  pages: string | null;
}

export function createApp(deps: Deps, { pages, ...streaming }: AppOptions) {
  const app = new Hono<AppEnv>();
  const sns = createSns(deps);
  app.onError(answerError(deps.log));
  app.notFound(() => {
    throw new NotFoundError("this path");
  });
  app.use(requestLog(deps));
  // It tells in its own words that a body is too large.
  app.route("/compat/alertmanager", alertmanagerStandIn(deps));
  app.route("/compat/pagerduty", pagerdutyStandIn(deps));
  app.route("/compat/alerta", alertaStandIn(deps));
  app.route("/compat/opsgenie", opsgenieStandIn(deps));
  app.use(limitBody);
  app.route("/", healthRoutes(deps));
  app.route("/", docsRoutes());
  app.route("/auth", authRoutes(deps));
  app.route("/api/v1/auth", authRoutes(deps));
  app.use("/metrics", guard(deps)).route("/metrics", metricsRoutes(deps));
  app.route("/api/v1/ingest/cloudevents", cloudEventHandshake());
  app.route("/hooks", hookRoutes(deps, sns));
  app.use("/api/v1/ingest/:format?", snsDelivery(deps, sns));
  app.use("/api/v1/*", guard(deps), idempotent);
  const api = app.route("/api/v1", apiRoutes(deps, sns, streaming));
  if (pages !== null) app.route("/", pageRoutes(pages));
  return api;
}

function apiRoutes(deps: Deps, sns: Sns, streaming: StreamOptions) {
  return new Hono<AppEnv>()
    .route("/ingest/try", trySourceRoutes)
    .route("/", intakeRoutes(deps, sns))
    .route("/queue", queueRoutes)
    .route("/items", groupRoutes(deps))
    .route("/groups", groupRoutes(deps))
    .route("/actions", actionRoutes)
    .route("/alerts", alertRoutes(deps))
    .route("/heartbeats", heartbeatRoutes)
    .route("/changes", changeRoutes)
    .route("/entities", entityRoutes)
    .route("/silences", silenceRoutes)
    .route("/stream", streamRoutes(streaming))
    .route("/reports", reportRoutes)
    .route("/sources", sourceRoutes)
    .route("/rejects", rejectRoutes)
    .route("/export", exportRoutes(deps))
    .route("/tokens", tokenRoutes(deps))
    .route("/policy", policyRoutes(deps))
    .route("/me", meRoutes());
}
