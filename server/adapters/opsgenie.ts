import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { machineEntity } from "./machine-entity.ts";
import { isoTime } from "./native-time.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt, textEntries, textsAt } from "./text-field.ts";
import { findOddity, sayOddity, storableText } from "./well-formed.ts";

const severities = new Map<string, Severity>([
  ["P1", "critical"],
  ["P2", "high"],
  ["P3", "medium"],
  ["P4", "low"],
  ["P5", "info"],
]);

/** The identity of the group that a sender's `alias` stands for. */
export function opsgenieIdentity(alias: string): string {
  return identityKey(["opsgenie", storableText(alias)]);
}

/** What was seen, as the tools behind Opsgenie name it; without an alias only the message tells alerts apart. */
function ruleOf(record: JsonRecord, message: string): string {
  const named = firstText(record.details, ["alertname", "rule", "rule_id", "check", "trigger"]);
  const isKeyed = textAt(record, "alias") !== undefined;
  return named ?? (isKeyed ? (textAt(record, "source") ?? "alert") : message);
}

/** Teams and people by whatever names them; there are no schedules here, so they are labels. */
function namesOf(list: unknown): string {
  const names = (Array.isArray(list) ? list : []).map((one) => firstText(one, ["name", "username", "id"]));
  return names.filter((name) => name !== undefined).join(", ");
}

function labelsOf(record: JsonRecord): [string, string | undefined][] {
  return [
    ["alias", textAt(record, "alias")],
    ["entity", textAt(record, "entity")],
    ["source", textAt(record, "source")],
    ["tags", textsAt(record, "tags").join(", ")],
    ["responders", namesOf(record.responders ?? record.teams)],
    ["user", textAt(record, "user")],
    ["actions", textsAt(record, "actions").join(", ")],
    ...textEntries(record.details),
  ];
}

function descriptionOf(record: JsonRecord): string | undefined {
  const parts = [textAt(record, "description"), textAt(record, "note")];
  return parts.filter((part) => part !== undefined).join("\n\n") || undefined;
}

function draftOf(record: JsonRecord, message: string, isOver: boolean): AlertDraft {
  const { details } = record;
  const native = textAt(record, "priority")?.trim().toUpperCase();
  const alias = textAt(record, "alias");
  const about = textAt(record, "entity") ?? firstText(details, ["host", "hostname", "instance", "node"]);
  return {
    source: "opsgenie",
    rule: ruleOf(record, message),
    title: message,
    severity: isOver ? "info" : (severities.get(native ?? "P3") ?? "medium"),
    environment: environmentIn(details),
    service: serviceIn(details),
    occurredAt: isoTime(fieldAt(details, "startsAt")),
    status: isOver ? "resolved" : "firing",
    dedupKey: alias && opsgenieIdentity(alias),
    entities: about === undefined ? [] : [machineEntity(about)],
    labels: labelsOf(record),
    description: descriptionOf(record),
    links: textEntries(details).map(([name, href]) => ({ href, text: name })),
    hints: {
      nativeSeverity: native,
      onlyEnds: isOver,
      runbookUrl: firstText(details, ["runbook_url", "runbookUrl", "runbook"]),
    },
  };
}

function readOpsgenie(record: unknown): Reading {
  if (!isRecord(record)) return invalid("alert: must be an object");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const isOver = textAt(record, "action") === "close";
  const alias = textAt(record, "alias");
  if (isOver && alias === undefined) return invalid("alias: is required to close");
  const message = textAt(record, "message") ?? (isOver ? alias : undefined);
  return message === undefined ? invalid("message: is required") : fitAlert(draftOf(record, message, isOver));
}

function isAlert(record: JsonRecord): boolean {
  const isRanked = severities.has(textAt(record, "priority") ?? "") || Array.isArray(record.responders);
  return typeof record.message === "string" && (isRanked || typeof record.alias === "string");
}

/**
 * One alert as Opsgenie's Create Alert takes it (opsgenie/opsgenie-oas, alert.yaml), or `{action: "close", alias}`,
 * as the stand-in writes a close down, whose alias stands in the address. Identity: the alias; without one it is
 * computed, with the message as the rule. Severity: P1 critical to P5 info, P3 when absent. Environment and service:
 * `details`. Responders become a label. Hints: nativeSeverity, onlyEnds, runbookUrl.
 */
export const opsgenie: Adapter = {
  format: "opsgenie",
  recognises: (record) => {
    if (!isRecord(record) || "labels" in record || "severity" in record || "routing_key" in record)
      return false;
    const isClose = record.action === "close" && typeof record.alias === "string" && !("title" in record);
    return isClose || isAlert(record);
  },
  read: (record) => [readOpsgenie(record)],
};
