import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { type Carrier, carriedInLog } from "./gcp-carried.ts";
import { entryLabels, entryProject, logsExplorer, machineOf, placeEntities } from "./gcp-entry-place.ts";
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

/** What every entry says, whatever its payload is. */
interface Frame extends Carrier {
  labels: [string, string][];
}

function frameOf(entry: JsonRecord, name: string): Frame {
  const labels = entryLabels(entry);
  const byName = Object.fromEntries(labels);
  const [delivery, time] = [textAt(entry, "insertId"), textAt(entry, "timestamp")];
  return {
    machine: machineOf(entry),
    project: entryProject(entry),
    log: logOf(name),
    environment: environmentIn(byName),
    service: serviceIn(byName, ["service_name", "container_name", "module_id", "function_name"]),
    occurredAt: isoTime(time) ?? isoTime(entry.receiveTimestamp),
    heartbeatKey: delivery && identityKey(["gcp-logging", name, time, delivery]),
    labels,
  };
}

/**
 * Identity: project, log, and of an audit log the service, method, caller, resource and outcome (without the
 * resource where permission was denied, so that a burst of it is one thing); of Event Threat Detection the rule,
 * caller and resources; of anything else what `loggedEvent` says.
 */
function draftOf(entry: JsonRecord, frame: Frame): AlertDraft {
  const { log, project, labels, environment, service, occurredAt, heartbeatKey } = frame;
  const event = loggedEvent(entry, log);
  const severity = textAt(entry, "severity");
  return {
    source: "gcp-logging",
    rule: event.rule,
    title: event.title,
    severity: severityOf(severity),
    environment,
    service,
    occurredAt,
    dedupKey: identityKey(["gcp-logging", project, log, ...event.identity]),
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
      ["insert_id", textAt(entry, "insertId")],
    ],
    description: event.description,
    links: [{ href: logsExplorer(entry), text: "Logs Explorer" }],
    hints: { nativeSeverity: severity, heartbeatKey },
  };
}

function isLogEntry(record: JsonRecord): boolean {
  return typeof record.logName === "string" && logName.test(record.logName) && isRecord(record.resource);
}

/**
 * Google Cloud's LogEntry, bare or in a Pub/Sub push request: audit logs, Event Threat Detection, any other log,
 * and what another tool wrote into one. A push request that cannot be opened is taken as one of these, so that its
 * sender is told why. `insertId` only names the delivery: an entry pushed twice counts as one occurrence.
 * Identity: see `draftOf`. Hints: nativeSeverity, heartbeatKey.
 * @param adapterOf the adapter of a payload, by its content; null when the entry is the log's own
 */
export function gcpLoggingOver(adapterOf: (payload: unknown) => Adapter | null): Adapter {
  function readEntry(sent: unknown): Reading[] {
    if (!isRecord(sent)) return [invalid("gcp-logging: must be an object")];
    const deep = findOddity(sent, true);
    if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
    const { inner, rejected } = openPubSub(sent);
    if (rejected) return [rejected];
    const name = textAt(inner, "logName");
    if (name === undefined) return [invalid("logName: is required in a LogEntry")];
    const frame = frameOf(inner, name.trim());
    return carriedInLog(inner, frame, adapterOf) ?? [fitAlert(draftOf(inner, frame))];
  }

  return {
    format: "gcp-logging",
    recognises: (record) => {
      const { inner, isBroken } = lookIntoPubSub(record);
      return inner ? isLogEntry(inner) : isBroken;
    },
    read: readEntry,
  };
}
