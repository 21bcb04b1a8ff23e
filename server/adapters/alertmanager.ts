import type { Adapter, Reading } from "./adapter.ts";
import { labelledDraft } from "./alertmanager-draft.ts";
import { fewRecords } from "./as-list.ts";
import { fitAlert, invalid } from "./fit-alert.ts";
import { isGrafanaNotification } from "./grafana-notification.ts";
import { isRecord, type JsonRecord, textEntries } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/**
 * One alert of `POST /api/v2/alerts`: `labels` with at least one value, `annotations`, `startsAt`, `endsAt`,
 * `generatorURL`. `envelope` is the webhook notification it came in. A resend (same labels, same `startsAt`)
 * carries the same heartbeatKey; one without `startsAt` has none.
 */
export function readPostableAlert(item: unknown, textIsClean = false, envelope?: JsonRecord): Reading {
  if (!isRecord(item)) return invalid("alert: must be an object");
  const labels = textEntries(item.labels);
  if (labels.length === 0) return invalid("labels: at least one label with a value is required");
  return fitAlert(labelledDraft(["alertmanager"], item, envelope, labels), textIsClean);
}

/** The alerts of one webhook notification, version 4 or older, in its order. */
function readWebhook(notification: JsonRecord, textIsClean: boolean): Reading[] {
  const items = Array.isArray(notification.alerts) ? notification.alerts : [];
  return fewRecords(items).map((item) => readPostableAlert(item, textIsClean, notification));
}

function readAlertmanager(record: unknown, textIsClean = false): Reading[] {
  const deep = findOddity(record, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  if (isRecord(record) && Array.isArray(record.alerts)) return readWebhook(record, textIsClean);
  return [readPostableAlert(record, textIsClean)];
}

function isPostable(item: unknown): boolean {
  if (!isRecord(item) || !isRecord(item.labels) || typeof item.title === "string") return false;
  if (typeof item.labels.alertname === "string") return true;
  return isRecord(item.annotations) && (item.startsAt !== undefined || item.generatorURL !== undefined);
}

/**
 * Alertmanager's webhook notifications and the items of its v2 API. Identity: see `labelIdentity`.
 * Hints: nativeSeverity, heartbeatKey, instanceKey (the fingerprint, else all labels, so that two replicas are two
 * instances of one group), expiresAt (`endsAt` of what still fires), runbookUrl.
 */
export const alertmanager: Adapter = {
  format: "alertmanager",
  recognises: (record) => {
    if (!isRecord(record) || !Array.isArray(record.alerts)) return isPostable(record);
    if (isGrafanaNotification(record)) return false;
    const isNotification = isRecord(record.groupLabels) || typeof record.receiver === "string";
    return isNotification && record.alerts.every((item) => isRecord(item) && isRecord(item.labels));
  },
  read: readAlertmanager,
};
