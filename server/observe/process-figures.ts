import { collectDefaultMetrics, type Registry } from "prom-client";

/** The library's older names, which break Prometheus' convention; each stands beside a newer one that does not. */
const misnamed = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
];

/** Memory, processor, event loop and garbage collection of this process. */
export function createProcessFigures(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
}
