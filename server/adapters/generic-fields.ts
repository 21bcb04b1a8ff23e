import { asText, fieldAt, isRecord, type JsonRecord, textAt } from "./text-field.ts";

/** Names that a record may use for one thing, best first; dotted ones are nested or spelled with the dot. */
export const fieldNames = {
  title: ["title", "name", "summary", "message", "msg", "event", "alertname", "description"],
  severity: ["severity", "level", "priority", "severity_text", "Severity"],
  rule: ["rule", "rule_id", "rule.name", "rule.id", "signature", "check", "type", "category"],
  source: ["source", "product", "tool", "provider", "logsource.product"],
  host: ["host", "hostname", "host.name", "agent.name", "device", "instance", "resource", "Hostname"],
  user: ["user", "username", "user.name", "account", "user_name"],
  actorIp: [
    "src_ip",
    "source_ip",
    "srcip",
    "source.ip",
    "sourceaddress",
    "client_ip",
    "remote_ip",
    "client.ip",
  ],
  targetIp: ["dest_ip", "dst_ip", "dstip", "destination_ip", "destination.ip", "ip", "host.ip", "server.ip"],
  time: ["occurredAt", "timestamp", "@timestamp", "time", "datetime", "date", "event_time", "eventTime"],
  laterTime: ["created_at", "createdAt", "utctimestamp", "startedAt", "lastReceived", "Time", "Timestamp"],
  description: ["description", "details", "body", "text", "payload", "message", "msg", "summary"],
  dedup: ["dedupKey", "dedup_key", "dedup", "fingerprint", "alias"],
  link: ["url", "link", "externalLink", "externalURL", "generatorURL", "alert_source_link"],
  runbook: ["runbook_url", "runbookUrl", "runbook", "doc_link"],
} as const;

/** The first of a list counts, as in Keep's `source: ["grafana"]`; of an object, its name. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(asText).find((text) => text !== undefined);
  return asText(value) ?? (isRecord(value) ? textAt(value, "name") : undefined);
}

export function valueIn(record: JsonRecord, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : fieldAt(record, name);
}

export function findText(record: JsonRecord, field: keyof typeof fieldNames): string | undefined {
  for (const name of fieldNames[field]) {
    const text = textOf(valueIn(record, name));
    if (text !== undefined) return text;
  }
  return undefined;
}
