import type { Adapter, Reading } from "./adapter.ts";
import { accountOf, addressOf, commandOf, entitiesOf, filesOf, userOf } from "./auditd-entities.ts";
import { type AuditEvent, fieldOf } from "./auditd-event.ts";
import { isAuditbeat, isLaurel, parseAuditJson } from "./auditd-json.ts";
import { auditTextRecords, isAuditText, parseAuditText } from "./auditd-text.ts";
import { type AuditMeaning, meaningOf } from "./auditd-type.ts";
import { fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** The type of an SELinux context, `system_u:system_r:httpd_t:s0`. */
function contextType(context: string | undefined): string | undefined {
  return context?.split(":")[2] ?? context;
}

/**
 * Identity: rule, machine, and for a denied access what was denied to whom; else the address it came from, else the
 * account it is about, with the program and the signed-in user. Files and arguments do not count: editors and
 * package managers use new ones each time.
 */
function identityOf(event: AuditEvent, rule: string): string {
  const head = ["auditd", rule, event.node];
  const said = (...names: string[]) => names.map((name) => fieldOf(event, name));
  const [from, to] = [contextType(fieldOf(event, "scontext")), contextType(fieldOf(event, "tcontext"))];
  if (from && to) return identityKey([...head, from, to, ...said("tclass", "permissions")]);
  if (fieldOf(event, "apparmor"))
    return identityKey([...head, ...said("profile", "operation", "denied_mask")]);
  const address = addressOf(event);
  if (address) return identityKey([...head, "addr", address, fieldOf(event, "exe")]);
  return identityKey([...head, accountOf(event), userOf(event), ...said("exe", "unit")]);
}

function titleOf(event: AuditEvent, { what }: AuditMeaning): string {
  const [account, address] = [accountOf(event), addressOf(event)];
  const program = fieldOf(event, "unit", "profile", "exe", "comm");
  const subject = account ?? (address === undefined ? program : undefined);
  return `${what}${subject ? `: ${subject}` : ""}${address ? ` from ${address}` : ""}`;
}

function descriptionOf(event: AuditEvent): string {
  const said: [string, string | undefined][] = [
    ["Command", commandOf(event)],
    ["Folder", fieldOf(event, "cwd")],
    ["Operation", fieldOf(event, "op", "operation")],
    ["Denied", fieldOf(event, "permissions", "denied_mask")],
    ["To", fieldOf(event, "tcontext")],
    ["Input", fieldOf(event, "data")],
    ["Files", filesOf(event).join(", ")],
  ];
  return said.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join("\n");
}

function labelsOf(event: AuditEvent): (readonly [string, string | undefined])[] {
  const named = ["key", "success", "exit", "unit", "comm", "terminal", "tty", "subj"] as const;
  return [
    ["records", [...new Set(event.records.map(({ type }) => type))].join(", ")],
    ["syscall", fieldOf(event, "SYSCALL", "syscall")],
    ["result", fieldOf(event, "res", "result")],
    ...named.map((name) => [name, fieldOf(event, name)] as const),
  ];
}

function eventOf(record: unknown): AuditEvent | undefined {
  return typeof record === "string" ? parseAuditText(record) : parseAuditJson(record);
}

function readAudit(record: unknown): Reading {
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const event = eventOf(record);
  if (event === undefined || event.records.length === 0) {
    return invalid("auditd: must be lines with type= and msg=audit(…), or an event of Laurel or Auditbeat");
  }
  const meaning = meaningOf(event);
  return fitAlert({
    source: "auditd",
    rule: meaning.rule,
    title: titleOf(event, meaning),
    severity: meaning.severity,
    occurredAt: event.occurredAt,
    dedupKey: identityOf(event, meaning.rule),
    entities: entitiesOf(event),
    techniques: meaning.techniques,
    labels: labelsOf(event),
    description: descriptionOf(event),
    hints: { nativeSeverity: meaning.rule },
  });
}

/**
 * Events of the Linux audit system: the lines of audit.log (audit-userspace, auditd.conf's log_format RAW or
 * ENRICHED, also through syslog), neighbouring lines with one audit id being one event; Laurel's JSON lines and
 * Auditbeat's auditd events. The system has no severities: they follow from the type of record and the key of the
 * rule (auditd-type.ts), and what nobody can act on is info. Hints: nativeSeverity, the type or key.
 */
export const auditd: Adapter = {
  format: "auditd",
  recognises: (record) =>
    typeof record === "string" ? isAuditText(record) : isLaurel(record) || isAuditbeat(record),
  read: (record) => [readAudit(record)],
  textRecords: auditTextRecords,
};
