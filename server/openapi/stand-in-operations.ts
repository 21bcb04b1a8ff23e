import * as v from "valibot";
import { inputs, outputs } from "./components.ts";
import type { Operation } from "./operation.ts";

const subject = "Stand-ins";
const sending = ["too_many_alerts", "invalid_alert", "unsupported_type", "overloaded"] as const;

const pagerduty = { subject, method: "post", access: "alerts:write", errorShape: "pagerduty" } as const;
const alerta = { subject, errorShape: "alerta" } as const;
const opsgenie = { subject, errorShape: "opsgenie" } as const;

const routing_key = "qw_api_example";
const identifierType = v.optional(v.picklist(["id", "tiny", "alias"]), "id");
const named = {
  ...opsgenie,
  method: "post",
  query: v.object({ identifierType }),
  answer: { status: 202, schema: outputs.OpsgenieAccepted },
} as const satisfies Partial<Operation>;
const ping = {
  ...opsgenie,
  path: "/compat/opsgenie/v2/heartbeats/{name}/ping",
  summary: "Say that a detector lives, as to Opsgenie",
  access: "alerts:write",
  answer: { status: 202, schema: outputs.OpsgenieAccepted },
} as const satisfies Partial<Operation>;

const pagerdutyOperations: readonly Operation[] = [
  {
    ...pagerduty,
    id: "enqueuePagerdutyEvent",
    path: "/compat/pagerduty/v2/enqueue",
    summary: "An event of PagerDuty's Events API v2",
    detail:
      "The API token comes as routing_key, which is not kept. To acknowledge needs queue:act besides; what nothing fires for is dropped.",
    body: {
      schema: inputs.PagerdutyEvent,
      example: {
        routing_key,
        event_action: "trigger",
        dedup_key: "web-3/disk",
        payload: { summary: "Disk of web-3 at 97%", source: "web-3.example.com", severity: "critical" },
      },
    },
    answer: { status: 202, schema: outputs.PagerdutyAnswer },
    errors: ["overloaded", "unsupported_type"],
  },
  {
    ...pagerduty,
    id: "enqueuePagerdutyChange",
    path: "/compat/pagerduty/v2/change/enqueue",
    summary: "A change event of PagerDuty, which becomes a change",
    body: {
      schema: inputs.PagerdutyChangeEvent,
      example: { routing_key, payload: { summary: "Release 4.2", source: "ci.example.com" } },
    },
    answer: { status: 202, schema: outputs.PagerdutyAnswer },
  },
];

const alertaOperations: readonly Operation[] = [
  {
    ...alerta,
    id: "showAlertaConfig",
    method: "get",
    path: "/compat/alerta/api/config",
    summary: "What Alerta's command line asks for first",
    access: "open",
    answer: { status: 200, schema: outputs.AlertaConfig },
  },
  {
    ...alerta,
    id: "sendAlertaAlert",
    method: "post",
    path: "/compat/alerta/api/alert",
    summary: "An alert of Alerta",
    detail:
      "The API token may come as Authorization: Key, as X-API-Key, as ?api-key, or as the password of HTTP basic authentication. It is answered once it is triaged.",
    access: "alerts:write",
    body: {
      schema: inputs.AlertaAlert,
      example: { resource: "router-7", event: "LinkDown", environment: "Production", severity: "major" },
    },
    answer: { status: 201, schema: outputs.AlertaTaken },
    otherwise: {
      status: 202,
      because: "Committed to the log, not triaged yet.",
      schema: outputs.AlertaUnlisted,
    },
    errors: sending,
  },
  {
    ...alerta,
    id: "showAlertaAlert",
    method: "get",
    path: "/compat/alerta/api/alert/{id}",
    summary: "An item as Alerta shows an alert",
    access: "queue:read",
    answer: { status: 200, schema: outputs.AlertaShown },
    errors: ["not_found"],
  },
  {
    ...alerta,
    id: "setAlertaStatus",
    method: "put",
    path: "/compat/alerta/api/alert/{id}/status",
    summary: "Set a status of Alerta that is one of our actions",
    detail: "open, ack, closed (without a judgement) and shelved; needs queue:read too.",
    access: "queue:act",
    body: { schema: inputs.AlertaStatusInput, example: { status: "ack", text: "I look at it" } },
    answer: { status: 200, schema: outputs.AlertaDone },
    errors: ["not_found"],
  },
  {
    ...alerta,
    id: "doAlertaAction",
    method: "put",
    path: "/compat/alerta/api/alert/{id}/action",
    summary: "An action of Alerta that is one of ours",
    detail: "ack, unack, open, close, shelve and unshelve; needs queue:read too.",
    access: "queue:act",
    body: { schema: inputs.AlertaActionInput, example: { action: "shelve", timeout: 3_600 } },
    answer: { status: 200, schema: outputs.AlertaDone },
    errors: ["not_found", "conflict"],
  },
  {
    ...alerta,
    id: "sendAlertaHeartbeat",
    method: "post",
    path: "/compat/alerta/api/heartbeat",
    summary: "Say that a detector lives, as to Alerta",
    access: "alerts:write",
    body: { schema: inputs.AlertaHeartbeat, example: { origin: "snmp/collector-1", timeout: 300 } },
    answer: { status: 201, schema: outputs.AlertaBeat },
  },
  {
    ...alerta,
    id: "listAlertaHeartbeats",
    method: "get",
    path: "/compat/alerta/api/heartbeats",
    summary: "Detectors that say that they live, as Alerta lists them",
    access: "queue:read",
    answer: { status: 200, schema: outputs.AlertaBeats },
  },
];

const opsgenieOperations: readonly Operation[] = [
  {
    ...opsgenie,
    id: "createOpsgenieAlert",
    method: "post",
    path: "/compat/opsgenie/v2/alerts",
    summary: "An alert of Opsgenie",
    detail: "The API token comes as Authorization: GenieKey.",
    access: "alerts:write",
    body: {
      schema: inputs.OpsgenieAlert,
      example: { message: "Payments answer slowly", alias: "payments/latency", priority: "P2" },
    },
    answer: { status: 202, schema: outputs.OpsgenieAccepted },
    errors: [...sending, "invalid"],
  },
  {
    ...opsgenie,
    id: "showOpsgenieRequest",
    method: "get",
    path: "/compat/opsgenie/v2/alerts/requests/{id}",
    summary: "What came of a request of the caller",
    detail: "404 also while an alert is not triaged; it may be asked for again.",
    access: "alerts:write",
    answer: { status: 200, schema: outputs.OpsgenieRequest },
    errors: ["not_found"],
  },
  {
    ...named,
    id: "acknowledgeOpsgenieAlert",
    path: "/compat/opsgenie/v2/alerts/{identifier}/acknowledge",
    summary: "Acknowledge what an alias or id names",
    access: "queue:act",
    body: { schema: inputs.OpsgenieNote, example: { user: "ana", note: "I look at it" } },
    errors: ["overloaded"],
  },
  {
    ...named,
    id: "closeOpsgenieAlert",
    path: "/compat/opsgenie/v2/alerts/{identifier}/close",
    summary: "Say that what an alias or id names is over",
    detail: "By the id of what has no alias it is resolved without a judgement, which needs queue:act.",
    access: "alerts:write",
    body: { schema: inputs.OpsgenieNote, example: { source: "grafana.example.com" } },
    errors: ["overloaded"],
  },
  {
    ...named,
    id: "noteOpsgenieAlert",
    path: "/compat/opsgenie/v2/alerts/{identifier}/notes",
    summary: "Add a note to what an alias or id names",
    access: "queue:act",
    body: { schema: inputs.OpsgenieNote, example: { user: "ana", note: "Fast again" } },
    errors: ["overloaded"],
  },
  { ...ping, id: "pingOpsgenieHeartbeat", method: "get" },
  { ...ping, id: "sendOpsgenieHeartbeat", method: "post" },
];

/** What senders and clients of PagerDuty, Alerta and Opsgenie call. */
export const standInOperations: readonly Operation[] = [
  ...pagerdutyOperations,
  ...alertaOperations,
  ...opsgenieOperations,
];
