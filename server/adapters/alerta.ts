import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { machineEntity } from "./machine-entity.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { firstText, isRecord, type JsonRecord, textAt, textEntries, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** Severities by which Alerta closes what they correlate with. */
const overSeverities = new Set(["normal", "ok", "cleared"]);
const overStatuses = new Set(["closed", "expired"]);
/** Its own words where they differ from everybody else's. */
const ownWords = new Map<string, Severity>([
  ["minor", "medium"],
  ["advisory", "low"],
]);

/** Alerta keeps one alert for events that are listed as replacing each other. */
function correlatedEvents(record: JsonRecord, event: string): string[] {
  return [...new Set([event, ...textsAt(record, "correlate")])].sort();
}

function alertaIdentity(record: JsonRecord, resource: string, event: string): string {
  const place = [environmentOf(record), textAt(record, "customer"), resource];
  return identityKey(["alerta", ...place, ...correlatedEvents(record, event)]);
}

function environmentOf(record: JsonRecord): string | undefined {
  return textAt(record, "environment")?.trim() ?? environmentIn(record.attributes);
}

function severityOf(native: string | undefined): Severity {
  const word = native?.trim().toLowerCase() ?? "";
  return ownWords.get(word) ?? severityOfWord(word) ?? "medium";
}

function attributesOf(record: JsonRecord): [string, string | undefined][] {
  return [
    ["resource", textAt(record, "resource")],
    ["group", textAt(record, "group")],
    ["value", textAt(record, "value")],
    ["origin", textAt(record, "origin")],
    ["type", textAt(record, "type")],
    ["customer", textAt(record, "customer")],
    ["services", textsAt(record, "service").slice(1).join(", ")],
    ["tags", textsAt(record, "tags").join(", ")],
    ...textEntries(record.attributes),
  ];
}

function draftOf(record: JsonRecord, resource: string, event: string): AlertDraft {
  const native = textAt(record, "severity");
  const isOver =
    overSeverities.has(native?.trim().toLowerCase() ?? "") ||
    overStatuses.has(textAt(record, "status") ?? "");
  const { attributes } = record;
  const text = textAt(record, "text");
  const webLinks = textEntries(attributes).filter(([, value]) => /^https?:\/\//i.test(value));
  return {
    source: "alerta",
    rule: event,
    title: `${event} on ${resource}`,
    severity: severityOf(native),
    environment: environmentOf(record),
    service: textsAt(record, "service")[0],
    occurredAt: isoTime(record.createTime),
    status: isOver ? "resolved" : "firing",
    dedupKey: alertaIdentity(record, resource, event),
    entities: [machineEntity(resource)],
    labels: attributesOf(record),
    description: text,
    links: webLinks.map(([name, href]) => ({ href, text: name })),
    hints: {
      nativeSeverity: native,
      onlyEnds: isOver,
      runbookUrl: firstText(attributes, ["runbook_url", "runbookUrl", "runbook"]),
    },
  };
}

function readAlerta(record: unknown): Reading {
  if (!isRecord(record)) return invalid("alert: must be an object");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const resource = textAt(record, "resource");
  const event = textAt(record, "event");
  if (resource === undefined) return invalid("resource: is required");
  return event === undefined ? invalid("event: is required") : fitAlert(draftOf(record, resource, event));
}

const ownNames = ["severity", "environment", "service", "correlate", "createTime", "rawData", "origin"];

/**
 * One alert as Alerta takes it (alerta/alerta, models/alert.py). Identity: environment, customer, resource, and the
 * event with those it is correlated with; the severity, which Alerta tells duplicates by, raises and ends the same
 * group. Severity: security and critical; major high; minor and warning medium; indeterminate low; else info.
 * Resolved: normal, ok, cleared, or a status of closed or expired. `timeout` is not taken: it counts from Alerta's
 * own receipt. Hints: nativeSeverity, onlyEnds, runbookUrl.
 */
export const alerta: Adapter = {
  format: "alerta",
  recognises: (record) =>
    isRecord(record) &&
    typeof record.resource === "string" &&
    typeof record.event === "string" &&
    !("source" in record) &&
    ownNames.some((name) => name in record),
  read: (record) => [readAlerta(record)],
};
