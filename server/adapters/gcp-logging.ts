import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { entryLabels, entryProject, logsExplorer, placeEntities } from "./gcp-entry-place.ts";
import { loggedEvent } from "./gcp-logged-event.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { lookIntoPubSub, openPubSub } from "./pubsub-envelope.ts";
import { severityOfWord } from "./severity-scale.ts";
import { isRecord, type JsonRecord, textAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

const logName = /^(?:projects|organizations|folders|billingAccounts)\/[^/]+\/logs\/(.+)$/;

/** Google's own numbers, 0 to 800, or their names; DEFAULT says nothing and is info. */
function severityOf(text: string | undefined): Severity {
  if (text === undefined || !/^\d+$/.test(text)) return severityOfWord(text ?? "") ?? "info";
  const number = Number(text);
  if (number >= 600) return "critical";
  if (number >= 500) return "high";
  if (number >= 400) return "medium";
  return number >= 300 ? "low" : "info";
}

/** `syslog`, `cloudaudit.googleapis.com/activity`: slashes inside a log's name come encoded. */
function logOf(name: string): string {
  return (logName.exec(name)?.[1] ?? name).replaceAll(/%2F/gi, "/");
}

/**
 * Identity: project, log, and of an audit log the service, method, caller, resource and outcome; of Event Threat
 * Detection the rule, caller and resources; of anything else what `loggedEvent` says. `insertId` only names the
 * delivery: an entry pushed twice counts as one occurrence.
 */
function draftOf(entry: JsonRecord, name: string): AlertDraft {
  const log = logOf(name);
  const project = entryProject(entry);
  const event = loggedEvent(entry, log);
  const labels = entryLabels(entry);
  const byName = new Map(labels);
  const hinted = Object.fromEntries(byName);
  const identity = identityKey(["gcp-logging", project, log, ...event.identity]);
  const [delivery, time] = [textAt(entry, "insertId"), textAt(entry, "timestamp")];
  const severity = textAt(entry, "severity");
  return {
    source: "gcp-logging",
    rule: event.rule,
    title: event.title,
    severity: severityOf(severity),
    environment: environmentIn(hinted),
    service: serviceIn(hinted, ["service_name", "container_name", "module_id", "function_name"]),
    occurredAt: isoTime(time) ?? isoTime(entry.receiveTimestamp),
    dedupKey: identity,
    entities: [
      ...event.entities,
      ...placeEntities(entry),
      { type: "account", value: project, role: "target" },
    ],
    techniques: event.techniques,
    labels: [
      ["project_id", project],
      ["log", log],
      ["resource_type", textAt(entry, "resource.type")],
      ...event.labels,
      ...labels,
      ["trace", textAt(entry, "trace")],
      ["insert_id", delivery],
    ],
    description: event.description,
    links: [{ href: logsExplorer(entry), text: "Logs Explorer" }],
    hints: {
      nativeSeverity: severity,
      heartbeatKey: delivery && identityKey([identity, name, time, delivery]),
    },
  };
}

function readEntry(sent: unknown): Reading {
  if (!isRecord(sent)) return invalid("gcp-logging: must be an object");
  const deep = findOddity(sent, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const { inner, rejected } = openPubSub(sent);
  if (rejected) return rejected;
  const name = textAt(inner, "logName");
  if (name === undefined) return invalid("logName: is required in a LogEntry");
  return fitAlert(draftOf(inner, name.trim()));
}

/**
 * Google Cloud's LogEntry, bare or in a Pub/Sub push request: audit logs, Event Threat Detection, any other log.
 * A push request that cannot be opened is taken as one of these, so that its sender is told why. Identity: see
 * `draftOf`. Hints: nativeSeverity, heartbeatKey.
 */
export const gcpLogging: Adapter = {
  format: "gcp-logging",
  recognises: (record) => {
    const { inner, isBroken } = lookIntoPubSub(record);
    if (!inner) return isBroken;
    return typeof inner.logName === "string" && logName.test(inner.logName) && isRecord(inner.resource);
  },
  read: (record) => [readEntry(record)],
};
