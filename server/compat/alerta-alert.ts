import type { ItemDetail } from "../../shared/group.ts";
import { textAt, textsAt } from "../adapters/text-field.ts";
import type { Standing } from "../services/stand-ins/standing-of.ts";

const statuses = { open: "open", acknowledged: "ack", snoozed: "shelved", resolved: "closed" } as const;
const severities = {
  critical: "critical",
  high: "major",
  medium: "warning",
  low: "indeterminate",
  info: "informational",
} as const;

/** Labels that are fields of their own there. */
const fieldLabels = new Set(["resource", "group", "value", "origin", "type", "customer", "services", "tags"]);

/** What is the same in every alert: we keep no such figures. */
const unkept = {
  previousSeverity: "indeterminate",
  trendIndication: "noChange",
  timeout: 0,
  history: [],
} as const;

/** An item as Alerta serializes an alert. */
export function alertaAlert(item: ItemDetail): Record<string, unknown> {
  const { labels } = item;
  const listed = (text: string | undefined) => (text === undefined ? [] : text.split(", "));
  const attributes = Object.entries(labels).filter(([name]) => !fieldLabels.has(name));
  return {
    ...unkept,
    ...timesOf(item.id, item.firstSeen, item.lastSeen),
    resource: labels.resource ?? item.entities[0]?.value ?? item.service ?? item.source,
    event: item.rule,
    environment: item.environment,
    severity: item.nativeSeverity ?? severities[item.severity],
    correlate: [],
    status: item.cleared ? "closed" : statuses[item.status],
    service: [...(item.service === null ? [] : [item.service]), ...listed(labels.services)],
    group: labels.group ?? "Misc",
    value: labels.value ?? null,
    text: item.description ?? item.title,
    tags: listed(labels.tags),
    attributes: Object.fromEntries(attributes.map(([name, value]) => [name.replace(/[.$]/g, "_"), value])),
    origin: labels.origin ?? item.source,
    type: labels.type ?? "exceptionAlert",
    createTime: item.firstSeen,
    rawData: null,
    customer: labels.customer ?? null,
    duplicateCount: item.count - 1,
    repeat: item.count > 1,
  };
}

/** An alert as it was just sent, with what became of it. */
export function sentAlert(sent: Record<string, unknown>, standing: Standing): Record<string, unknown> {
  const { id, status, count, firstSeen, lastSeen } = standing;
  return {
    ...unkept,
    ...timesOf(id, firstSeen.toISOString(), lastSeen.toISOString()),
    resource: textAt(sent, "resource"),
    event: textAt(sent, "event"),
    environment: textAt(sent, "environment") ?? "",
    severity: textAt(sent, "severity") ?? "normal",
    correlate: textsAt(sent, "correlate"),
    status: statuses[status],
    service: textsAt(sent, "service"),
    group: textAt(sent, "group") ?? "Misc",
    value: textAt(sent, "value") ?? null,
    text: textAt(sent, "text") ?? "",
    tags: textsAt(sent, "tags"),
    attributes: sent.attributes ?? {},
    origin: textAt(sent, "origin") ?? null,
    type: textAt(sent, "type") ?? "exceptionAlert",
    createTime: textAt(sent, "createTime") ?? lastSeen.toISOString(),
    rawData: textAt(sent, "rawData") ?? null,
    customer: textAt(sent, "customer") ?? null,
    duplicateCount: count - 1,
    repeat: count > 1,
  };
}

function timesOf(id: string, receiveTime: string, lastReceiveTime: string) {
  const href = `/compat/alerta/api/alert/${id}`;
  return { id, href, receiveTime, lastReceiveId: id, lastReceiveTime, updateTime: lastReceiveTime };
}
