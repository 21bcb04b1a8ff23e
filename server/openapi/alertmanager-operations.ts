import { FilterQuery, FiringAlertsQuery } from "../../shared/alertmanager.ts";
import { inputs, outputs } from "./components.ts";
import type { Operation } from "./operation.ts";

const base = "/compat/alertmanager";
const native = { subject: "Stand-ins", errorShape: "alertmanager" } as const satisfies Partial<Operation>;
const reading = { ...native, method: "get", access: "queue:read" } as const satisfies Partial<Operation>;

/** What clients of an Alertmanager call besides sending alerts. */
export const alertmanagerOperations: readonly Operation[] = [
  {
    ...reading,
    id: "listAlertmanagerAlerts",
    path: `${base}/api/v2/alerts`,
    summary: "What fires now, as Alertmanager lists alerts",
    detail:
      "At most 10,000, the worst first; X-Quietwatch-Incomplete is set when more fires. Where a format has no labels, source, severity, environment and service stand for them, and alertname for the rule.",
    query: FiringAlertsQuery,
    answer: { status: 200, schema: outputs.GettableAlerts },
  },
  {
    ...reading,
    id: "listAlertmanagerGroups",
    path: `${base}/api/v2/alerts/groups`,
    summary: "The same by the name it fires under",
    query: FiringAlertsQuery,
    answer: { status: 200, schema: outputs.AlertGroups },
  },
  {
    ...reading,
    id: "listAlertmanagerSilences",
    path: `${base}/api/v2/silences`,
    summary: "Silences that have not ended, or did in the last five days",
    query: FilterQuery,
    answer: { status: 200, schema: outputs.GettableSilences },
  },
  {
    ...native,
    id: "postAlertmanagerSilence",
    method: "post",
    path: `${base}/api/v2/silences`,
    summary: "Make a silence, or edit one",
    detail:
      "A name is a label's; where an alert has none of that name, a field's. An edit that moves the times keeps the silence, any other ends it and makes a new one.",
    access: "queue:act",
    body: {
      schema: inputs.PostableSilence,
      example: {
        matchers: [{ name: "alertname", value: "DiskAlmostFull", isRegex: false, isEqual: true }],
        startsAt: "2099-11-23T12:00:00Z",
        endsAt: "2099-11-23T14:00:00Z",
        createdBy: "ada",
        comment: "The disk is being replaced",
      },
    },
    answer: { status: 200, schema: outputs.SilenceId },
    errors: ["not_found", "conflict", "unsupported_type"],
  },
  {
    ...reading,
    id: "showAlertmanagerSilence",
    path: `${base}/api/v2/silence/{id}`,
    summary: "One silence",
    answer: { status: 200, schema: outputs.GettableSilence },
    errors: ["not_found"],
  },
  {
    ...native,
    id: "expireAlertmanagerSilence",
    method: "delete",
    path: `${base}/api/v2/silence/{id}`,
    summary: "End a silence",
    access: "queue:act",
    answer: { status: 200 },
    errors: ["not_found"],
  },
  {
    ...reading,
    id: "listAlertmanagerReceivers",
    path: `${base}/api/v2/receivers`,
    summary: "The one receiver there is",
    access: "known",
    answer: { status: 200, schema: outputs.Receivers },
  },
  {
    ...reading,
    id: "showAlertmanagerStatus",
    path: `${base}/api/v2/status`,
    summary: "What an Alertmanager says of itself",
    access: "known",
    answer: { status: 200, schema: outputs.AlertmanagerStatus },
  },
  {
    ...reading,
    id: "isAlertmanagerHealthy",
    path: `${base}/-/healthy`,
    summary: "Whether the process runs",
    access: "open",
    answer: { status: 200, type: "text/plain" },
  },
  {
    ...reading,
    id: "isAlertmanagerReady",
    path: `${base}/-/ready`,
    summary: "Whether the store answers",
    access: "open",
    answer: { status: 200, type: "text/plain" },
    otherwise: { status: 503, because: "The store does not answer." },
  },
];
