import type { Operation } from "./operation.ts";
import { ExportAlertsQuery, ExportAllQuery } from "./queries.ts";

const exporting = { subject: "Export", method: "get", access: "data:export" } as const;

export const exportOperations: readonly Operation[] = [
  {
    ...exporting,
    id: "exportAll",
    path: "/api/v1/export/all.ndjson",
    summary: "Everything, as `quietwatch import` reads it",
    detail: "The last line says that it is whole. Hashes of API tokens come only with credentials=true.",
    query: ExportAllQuery,
    answer: { status: 200, type: "application/x-ndjson" },
  },
  {
    ...exporting,
    id: "exportAlerts",
    path: "/api/v1/export/alerts.ndjson",
    summary: "Original alerts of a stretch of time",
    query: ExportAlertsQuery,
    answer: { status: 200, type: "application/x-ndjson" },
  },
];
