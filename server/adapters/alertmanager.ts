import type { Adapter, Reading } from "./adapter.ts";
import { entitiesOfLabels } from "./alertmanager-entities.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid, isWebAddress } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt, textEntries } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** Labels that only say which of several equal Prometheus servers or rulers is speaking. */
const replicaNames =
  /^(?:__replica__|replica|replica_id|replica_external_label|(?:prometheus|thanos|thanos_ruler|rule|ruler|receive|cortex|mimir)_replica|prometheus_replica_external_label_name)$/;

type Labels = readonly [string, string][];

function sorted(labels: Labels): Labels {
  return [...labels].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Identity: every label but the replica's, in the order of their names. */
function alertmanagerIdentity(labels: Labels): string {
  const told = sorted(labels).filter(([name]) => !replicaNames.test(name));
  return identityKey(["alertmanager", ...told.flat()]);
}

function linksOf(item: unknown, envelope: unknown, annotations: JsonRecord): AlertDraft["links"] {
  return [
    { href: textAt(item, "generatorURL"), text: "Source" },
    ...["dashboard", "dashboard_url", "dashboardURL"].map((name) => ({
      href: textAt(annotations, name) ?? textAt(item, name),
      text: "Dashboard",
    })),
    { href: textAt(envelope, "externalURL"), text: "Alertmanager" },
  ];
}

/** Status is the item's own, else that of the notification it came in; a v2 item has none and ends by `endsAt`. */
function lifeOf(
  item: unknown,
  envelope: unknown,
  identity: string,
): Pick<AlertDraft, "status"> & {
  heartbeatKey: string | undefined;
  expiresAt: string | undefined;
} {
  const isResolved = (textAt(item, "status") ?? textAt(envelope, "status")) === "resolved";
  const startsAt = isoTime(fieldAt(item, "startsAt"));
  return {
    status: isResolved ? "resolved" : "firing",
    heartbeatKey: startsAt && identityKey([identity, startsAt]),
    expiresAt: isResolved ? undefined : isoTime(fieldAt(item, "endsAt")),
  };
}

function draftOf(item: unknown, envelope: unknown, labels: Labels): AlertDraft {
  const byName = Object.fromEntries(labels);
  const annotations = Object.fromEntries(textEntries(fieldAt(item, "annotations")));
  const rule = byName.alertname ?? "unnamed";
  const identity = alertmanagerIdentity(labels);
  const { status, heartbeatKey, expiresAt } = lifeOf(item, envelope, identity);
  const runbooks = ["runbook_url", "runbookUrl", "runbook"].map((name) => annotations[name]);
  return {
    source: "alertmanager",
    rule,
    title: firstText(annotations, ["summary", "title", "message", "description"]) ?? rule,
    severity: severityOfWord(byName.severity ?? "") ?? "medium",
    environment: environmentIn(byName),
    service: serviceIn(byName, ["job"]),
    occurredAt: isoTime(fieldAt(item, "startsAt")),
    status,
    dedupKey: identity,
    entities: entitiesOfLabels(byName),
    labels,
    description: firstText(annotations, ["description", "message"]),
    links: linksOf(item, envelope, annotations) ?? [],
    hints: {
      nativeSeverity: byName.severity,
      heartbeatKey,
      instanceKey: textAt(item, "fingerprint") ?? identityKey(["labels", ...sorted(labels).flat()]),
      expiresAt,
      runbookUrl: runbooks.find(isWebAddress),
    },
  };
}

/**
 * One alert of `POST /api/v2/alerts`: `labels` with at least one value, `annotations`, `startsAt`, `endsAt`,
 * `generatorURL`. `envelope` is the webhook notification it came in. A resend (same labels, same `startsAt`)
 * carries the same heartbeatKey; one without `startsAt` has none.
 */
export function readPostableAlert(item: unknown, envelope?: unknown): Reading {
  if (!isRecord(item)) return invalid("alert: must be an object");
  const labels = textEntries(item.labels);
  if (labels.length === 0) return invalid("labels: at least one label with a value is required");
  return fitAlert(draftOf(item, envelope, labels));
}

/** The alerts of one webhook notification, version 4 or older, in its order. */
export function readWebhook(notification: JsonRecord): Reading[] {
  const items = Array.isArray(notification.alerts) ? notification.alerts : [];
  return items.map((item) => readPostableAlert(item, notification));
}

function readAlertmanager(record: unknown): Reading[] {
  const deep = findOddity(record, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  if (isRecord(record) && Array.isArray(record.alerts)) return readWebhook(record);
  return [readPostableAlert(record)];
}

function isPostable(item: unknown): boolean {
  if (!isRecord(item) || !isRecord(item.labels) || typeof item.title === "string") return false;
  if (typeof item.labels.alertname === "string") return true;
  return isRecord(item.annotations) && (item.startsAt !== undefined || item.generatorURL !== undefined);
}

/**
 * Alertmanager's webhook notifications and the items of its v2 API. Identity: see `alertmanagerIdentity`.
 * Hints: nativeSeverity, heartbeatKey, instanceKey (the fingerprint, else all labels, so that two replicas are two
 * instances of one group), expiresAt (`endsAt` of what still fires), runbookUrl.
 */
export const alertmanager: Adapter = {
  format: "alertmanager",
  recognises: (record) => {
    if (!isRecord(record) || !Array.isArray(record.alerts)) return isPostable(record);
    const isNotification = isRecord(record.groupLabels) || typeof record.receiver === "string";
    return isNotification && record.alerts.every((item) => isRecord(item) && isRecord(item.labels));
  },
  read: readAlertmanager,
};
