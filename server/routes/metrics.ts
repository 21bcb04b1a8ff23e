import { Hono } from "hono";
import { Counter, Gauge, Registry } from "prom-client";
import type { Deps } from "../context.ts";
import { requireScope } from "../context.ts";
import { readMetrics } from "../services/health/read-metrics.ts";
import type { AppEnv } from "./app-env.ts";

const gauges = {
  quietwatch_log_sequence: "Chunks committed to the log",
  quietwatch_triage_sequence: "Chunks triaged",
  quietwatch_triage_lag_seconds: "Age of the oldest alert that is not triaged yet",
  quietwatch_backlog_alerts: "Alerts committed and not triaged yet",
  quietwatch_set_aside_alerts: "Alerts that could not be triaged and stay in the log only",
  quietwatch_groups: "Groups stored",
  quietwatch_streams: "Live streams open on this node",
} as const;

const triaged = "quietwatch_alerts_total";

/** `GET /metrics` in Prometheus text: what this process did since it started, and how the store stands. */
export function metricsRoutes({ intake, hub, observe }: Pick<Deps, "intake" | "hub" | "observe">) {
  const own = new Registry();
  const show = figuresOfStore(own);
  const all = Registry.merge([observe.registry, own]);
  return new Hono<AppEnv>().get("/", async (c) => {
    requireScope(c.var.ctx, "reports:read");
    show({
      ...(await readMetrics(c.var.ctx)),
      quietwatch_backlog_alerts: intake.backlog.alerts,
      quietwatch_streams: hub.listeners,
    });
    return c.body(await all.metrics(), 200, { "Content-Type": all.contentType });
  });
}

function figuresOfStore(registry: Registry): (values: Record<string, number>) => void {
  const registers = [registry];
  const alerts = new Counter({ name: triaged, help: "Alerts triaged, by any node", registers });
  const held = Object.entries(gauges).map(
    ([name, help]) => [name, new Gauge({ name, help, registers })] as const,
  );
  return (values) => {
    for (const [name, gauge] of held) gauge.set(values[name] ?? 0);
    alerts.reset();
    alerts.inc(values[triaged] ?? 0);
  };
}
