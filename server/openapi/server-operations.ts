import { outputs } from "./components.ts";
import type { Operation } from "./operation.ts";

const asking = { subject: "Server", method: "get" } as const;

export const serverOperations: readonly Operation[] = [
  {
    ...asking,
    id: "isAlive",
    path: "/healthz",
    summary: "Whether the process runs",
    access: "open",
    answer: { status: 200, schema: outputs.Health },
  },
  {
    ...asking,
    id: "isReady",
    path: "/readyz",
    summary: "Whether this node can take alerts, and what stands in the way",
    access: "open",
    answer: { status: 200, schema: outputs.Readiness },
    otherwise: { status: 503, because: "It cannot; the checks say why.", schema: outputs.Readiness },
  },
  {
    ...asking,
    id: "readMetrics",
    path: "/metrics",
    summary: "Figures for Prometheus",
    access: "reports:read",
    answer: { status: 200, type: "text/plain" },
  },
];
