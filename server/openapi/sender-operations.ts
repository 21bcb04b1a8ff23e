import * as v from "valibot";
import { Time } from "../../shared/alert.ts";
import { inputs, outputs } from "./components.ts";
import type { Operation } from "./operation.ts";
import { PageQuery } from "./queries.ts";

/** What senders say besides alerts: that they live, and what is deployed. */
export const senderOperations: readonly Operation[] = [
  {
    id: "beat",
    subject: "Alerts in",
    method: "post",
    path: "/api/v1/heartbeats/{detector}",
    summary: "Say that a detector lives",
    detail:
      "One that says nothing for three intervals becomes an item (quietwatch / detector silent), which ends when it is heard of again. The interval is 10 minutes until one is given, and stays until another is.",
    access: "alerts:write",
    body: { schema: inputs.HeartbeatInput, example: { interval: "1h", environment: "production" } },
    answer: { status: 200, schema: outputs.Heartbeat },
  },
  {
    id: "listHeartbeats",
    subject: "Reports",
    method: "get",
    path: "/api/v1/heartbeats",
    summary: "Detectors that say that they live, and which are late",
    access: "queue:read",
    query: PageQuery,
    answer: { status: 200, schema: outputs.HeartbeatPage },
  },
  {
    id: "announceChange",
    subject: "Alerts in",
    method: "post",
    path: "/api/v1/changes",
    summary: "Announce a deploy or maintenance",
    detail: "It begins now when it does not say when, and lasts an hour when it does not say how long.",
    access: "alerts:write",
    headers: ["Idempotency-Key"],
    body: {
      schema: inputs.ChangeInput,
      example: {
        title: "Release 4.2 of the shop",
        environment: "production",
        service: "shop",
        links: [{ href: "https://ci.example.com/builds/220", text: "Build 220" }],
      },
    },
    answer: { status: 201, schema: outputs.Change },
  },
  {
    id: "listChanges",
    subject: "Reports",
    method: "get",
    path: "/api/v1/changes",
    summary: "Announced changes, newest first",
    detail: "With since, those that go on at that time or are still to come.",
    access: "queue:read",
    query: v.object({ ...PageQuery.entries, since: v.optional(Time) }),
    answer: { status: 200, schema: outputs.ChangePage },
  },
];
