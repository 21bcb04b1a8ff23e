import { inputs, outputs } from "./components.ts";
import type { Operation } from "./operation.ts";

const alert = {
  source: "backup",
  rule: "restore-failed",
  title: "Restore test of shop-db failed",
  severity: "high",
  environment: "production",
  entities: [{ type: "host", value: "shop-db-1", role: "target" }],
};

const suricataEvent = {
  timestamp: "2026-11-23T12:00:03.100000+0000",
  event_type: "alert",
  src_ip: "203.0.113.7",
  dest_ip: "192.0.2.20",
  proto: "TCP",
  alert: { signature_id: 2019401, signature: "Invented console access", severity: 1 },
};

const taking = {
  subject: "Alerts in",
  method: "post",
  access: "alerts:write",
  headers: ["Idempotency-Key", "Prefer", "Content-Encoding"],
  answer: { status: 202, schema: outputs.IntakeAnswer },
  errors: ["too_many_alerts", "unsupported_type", "invalid_alert", "unknown_format", "overloaded"],
} as const satisfies Partial<Operation>;

const reading = { subject: "Alerts", method: "get", access: "queue:read", errors: ["not_found"] } as const;

const auditEvent = `type=USER_LOGIN msg=audit(1795435200.818:19955): pid=12635 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct="root" exe="/usr/sbin/sshd" hostname=? addr=203.0.113.7 terminal=sshd res=failed'
`;

const native = {
  schema: inputs.NativeAlerts,
  types: ["application/json", "application/x-ndjson"],
  example: suricataEvent,
  text: auditEvent,
} as const;

const byAddress = {
  ...taking,
  access: "open",
  headers: ["Idempotency-Key", "Content-Encoding"],
  detail:
    "For senders that can set nothing but an address. Only a token whose one scope is alerts:write is taken here, and it is left out of everything that is logged. Amazon SNS may deliver here: its signature is checked, and subscriptions are confirmed for the topics of the policy.",
  body: native,
  errors: [...taking.errors, "unauthenticated", "sign_in_expired", "not_allowed"],
} as const satisfies Partial<Operation>;

export const alertOperations: readonly Operation[] = [
  {
    ...taking,
    id: "sendAlerts",
    path: "/api/v1/alerts",
    summary: "Send alerts",
    detail:
      "One alert, an array of them, or one a line. A bad alert is rejected by itself, never the others with it; only when there is nothing but bad ones is the answer an error.",
    body: {
      schema: inputs.AlertsInput,
      types: ["application/json", "application/x-ndjson"],
      example: alert,
    },
  },
  {
    ...taking,
    id: "ingest",
    path: "/api/v1/ingest",
    summary: "Send alerts of a format that is to be found out",
    body: native,
  },
  {
    ...taking,
    id: "ingestFormat",
    path: "/api/v1/ingest/{format}",
    summary: "Send alerts in a detector's own format",
    detail:
      "Logs (ossec, auditd) are taken as plain text too, as they stand in their files. Also by the name of a mapping of the policy. A workload may show a token of its own identity provider, and Amazon SNS its signature, where the policy names them (intake.workloads, intake.sns).",
    body: native,
  },
  {
    ...byAddress,
    id: "takeHook",
    path: "/hooks/{token}",
    summary: "A webhook whose format is to be found out",
  },
  { ...byAddress, id: "takeHookFormat", path: "/hooks/{token}/{format}", summary: "A webhook of one format" },
  {
    id: "allowCloudEvents",
    subject: "Alerts in",
    method: "options",
    path: "/api/v1/ingest/cloudevents",
    summary: "Ask whether CloudEvents may be delivered here",
    detail:
      "The handshake of the CloudEvents webhook profile: WebHook-Request-Origin is answered with WebHook-Allowed-Origin and WebHook-Allowed-Rate. A delivery needs its token all the same.",
    access: "open",
    answer: { status: 200 },
  },
  {
    ...reading,
    id: "showAlert",
    path: "/api/v1/alerts/{id}",
    summary: "One original alert",
    answer: { status: 200, schema: outputs.StoredAlert },
  },
  {
    ...reading,
    id: "showOriginal",
    path: "/api/v1/alerts/{id}/original",
    summary: "The bytes of an alert as they were received",
    answer: { status: 200, type: "application/octet-stream" },
  },
  {
    id: "sendAlertmanagerAlerts",
    subject: "Stand-ins",
    method: "post",
    path: "/compat/alertmanager/api/v2/alerts",
    summary: "What Prometheus sends to an Alertmanager",
    detail: "An API token may also come as the password of HTTP basic authentication, under any user name.",
    access: "alerts:write",
    body: {
      schema: inputs.NativeAlerts,
      example: [
        {
          labels: { alertname: "DiskAlmostFull", severity: "warning", instance: "192.0.2.20:9100" },
          annotations: { summary: "4% left" },
          startsAt: "2026-11-23T12:00:00Z",
          generatorURL: "https://prometheus.example.com/graph",
        },
      ],
    },
    answer: { status: 200 },
    errors: ["too_many_alerts", "unsupported_type", "invalid_alert", "overloaded"],
    errorShape: "alertmanager",
  },
];
