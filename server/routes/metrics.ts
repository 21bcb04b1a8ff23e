import { Hono } from "hono";
import { Gauge, Registry } from "prom-client";
import type { Deps } from "../context.ts";
import { requireScope } from "../context.ts";
import { readMetrics } from "../services/health/read-metrics.ts";
import type { AppEnv } from "./app-env.ts";

const help = {
  quietwatch_log_sequence: "Chunks committed to the log",
  quietwatch_triage_sequence: "Chunks triaged",
  quietwatch_backlog_alerts: "Alerts committed and not triaged yet",
  quietwatch_alerts_total: "Alerts triaged",
  quietwatch_groups: "Groups stored",
  quietwatch_streams: "Live streams open on this node",
} as const;

/** `GET /metrics` in Prometheus text. */
export function metricsRoutes({ intake, hub }: Pick<Deps, "intake" | "hub">) {
  const registry = new Registry();
  const gauges = Object.entries(help).map(
    ([name, text]) => [name, new Gauge({ name, help: text, registers: [registry] })] as const,
  );
  return new Hono<AppEnv>().get("/", async (c) => {
    requireScope(c.var.ctx, "reports:read");
    const values: Record<string, number> = {
      ...(await readMetrics(c.var.ctx)),
      quietwatch_backlog_alerts: intake.backlog.alerts,
      quietwatch_streams: hub.listeners,
    };
    for (const [name, gauge] of gauges) gauge.set(values[name] ?? 0);
    return c.body(await registry.metrics(), 200, { "Content-Type": registry.contentType });
  });
}
