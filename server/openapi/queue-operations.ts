import { QueueQuery } from "../../shared/queue.ts";
import { ReportQuery } from "../../shared/report.ts";
import { outputs } from "./components.ts";
import type { Operation } from "./operation.ts";
import { PageQuery } from "./queries.ts";

/** What people read: the queue, its stream, entities and reports. */
export const queueOperations: readonly Operation[] = [
  {
    id: "readQueue",
    subject: "Queue",
    method: "get",
    path: "/api/v1/queue",
    summary: "What waits, best first",
    detail:
      "Without band: P1 to P3. Without status: open and acknowledged. The assignee is a name, me or none; an entity is type:value.",
    access: "queue:read",
    query: QueueQuery,
    headers: ["If-None-Match"],
    answer: { status: 200, schema: outputs.QueueAnswer },
    otherwise: { status: 304, because: "Nothing changed since that ETag." },
  },
  {
    id: "stream",
    subject: "Queue",
    method: "get",
    path: "/api/v1/stream",
    summary: "Changes as they happen",
    detail:
      "Server-Sent Events: item holds an Item, counts holds Counts, heartbeat comes when nothing else does; upon reset the queue is to be read again.",
    access: "queue:read",
    headers: ["Last-Event-ID"],
    answer: { status: 200, type: "text/event-stream" },
  },
  {
    id: "listItemsOfEntity",
    subject: "Queue",
    method: "get",
    path: "/api/v1/entities/{type}/{value}",
    summary: "Every item that names an entity",
    access: "queue:read",
    query: PageQuery,
    answer: { status: 200, schema: outputs.ItemPage },
  },
  {
    id: "reportFunnel",
    subject: "Reports",
    method: "get",
    path: "/api/v1/reports/funnel",
    summary: "Where alerts went",
    access: "reports:read",
    query: ReportQuery,
    answer: { status: 200, schema: outputs.FunnelReport },
  },
  {
    id: "reportGrid",
    subject: "Reports",
    method: "get",
    path: "/api/v1/reports/grid",
    summary: "Open groups by environment and severity",
    access: "reports:read",
    answer: { status: 200, schema: outputs.GridReport },
  },
];
