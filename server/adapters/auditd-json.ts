import type { AuditEvent, AuditRecord } from "./auditd-event.ts";
import { parseAuditText, parseFields } from "./auditd-text.ts";
import { epochTime, isoTime } from "./native-time.ts";
import {
  asText,
  fieldAt,
  firstText,
  isRecord,
  type JsonRecord,
  textAt,
  textEntries,
  textsAt,
} from "./text-field.ts";

const laurelId = /^(\d{1,12}\.\d{1,9}):\d{1,20}$/;
const recordName = /^[A-Z][A-Z0-9_]{1,63}$/;

export function isLaurel(value: unknown): value is JsonRecord {
  return isRecord(value) && typeof value.ID === "string" && laurelId.test(value.ID);
}

export function isAuditbeat(value: unknown): value is JsonRecord {
  return isRecord(value) && textAt(value, "auditd.message_type") !== undefined;
}

/** Laurel splits arguments into lists and what programs say in msg='…' into an object or leaves it text. */
function laurelRecord(type: string, value: JsonRecord): AuditRecord {
  const said = isRecord(value.msg)
    ? textEntries(value.msg)
    : parseFields(asText(value.msg) ?? "", type).entries();
  const fields = new Map([...said, ...textEntries(value)]);
  fields.delete("msg");
  const command = textsAt(value, "ARGV").join(" ") || textAt(value, "ARGV_STR");
  if (command && type !== "SYSCALL") fields.set("proctitle", command);
  return { type, fields };
}

/** One event of Laurel's JSON lines: an id, and records by their type, alone or in a list. */
function laurelEvent(event: JsonRecord): AuditEvent {
  const records = Object.entries(event).flatMap(([type, value]) => {
    if (!recordName.test(type)) return [];
    return (Array.isArray(value) ? value : [value]).filter(isRecord).map((one) => laurelRecord(type, one));
  });
  const [, time] = laurelId.exec(textAt(event, "ID") ?? "") ?? [];
  return { node: textAt(event, "NODE"), occurredAt: epochTime(time), records };
}

const outcomes: ReadonlyMap<string | undefined, string> = new Map([
  ["fail", "failed"],
  ["success", "success"],
]);

/** The fields of an Auditbeat event under the names that auditd has for them. */
function auditbeatRecord(event: JsonRecord): AuditRecord {
  const fields = new Map(textEntries(fieldAt(event, "auditd.data")));
  const more: [string, string | undefined][] = [
    ["res", outcomes.get(textAt(event, "auditd.result"))],
    ["exe", textAt(event, "process.executable")],
    ["comm", textAt(event, "process.name")],
    ["proctitle", textAt(event, "process.title") ?? textsAt(event, "process.args").join(" ")],
    ["cwd", textAt(event, "process.working_directory")],
    ["addr", textAt(event, "source.ip")],
    ["auid", textAt(event, "user.audit.id")],
    ["AUID", textAt(event, "user.audit.name")],
    ["key", textsAt(event, "tags").join(",")],
  ];
  for (const [name, value] of more) if (value && !fields.has(name)) fields.set(name, value);
  return { type: (textAt(event, "auditd.message_type") ?? "").toUpperCase(), fields };
}

function auditbeatEvent(event: JsonRecord): AuditEvent {
  const node = firstText(event, ["host.name", "host.hostname", "agent.hostname"]);
  const occurredAt = isoTime(event["@timestamp"]);
  // With the raw lines (include_raw_message) it is the event as auditd itself has it.
  const raw = parseAuditText(textsAt(event, "event.original").join("\n"));
  if (raw !== undefined)
    return { node: raw.node ?? node, occurredAt: raw.occurredAt ?? occurredAt, records: raw.records };
  const paths = fieldAt(event, "auditd.paths");
  const files = (Array.isArray(paths) ? paths : []).map((path) => new Map(textEntries(path)));
  return {
    node,
    occurredAt,
    records: [auditbeatRecord(event), ...files.map((fields) => ({ type: "PATH", fields }))],
  };
}

export function parseAuditJson(value: unknown): AuditEvent | undefined {
  if (isLaurel(value)) return laurelEvent(value);
  return isAuditbeat(value) ? auditbeatEvent(value) : undefined;
}
