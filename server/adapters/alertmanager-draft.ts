import { entitiesOfLabels } from "./alertmanager-entities.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, isWebAddress } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { asText, firstText, type JsonRecord, textAt } from "./text-field.ts";

/** Labels that only say which of several equal Prometheus servers or rulers is speaking. */
const replicaNames = new Set([
  "__replica__",
  "replica",
  "replica_id",
  "replica_external_label",
  "prometheus_replica_external_label_name",
  ...["prometheus", "thanos", "thanos_ruler", "rule", "ruler", "receive", "cortex", "mimir"].map(
    (name) => `${name}_replica`,
  ),
]);
const dashboardNames = ["dashboard", "dashboard_url", "dashboardURL"];
const runbookNames = ["runbook_url", "runbookUrl", "runbook"];
const titleNames = ["summary", "title", "message", "description"];
const descriptionNames = ["description", "message"];

type Labels = readonly (readonly [name: string, value: string])[];

function sorted(labels: Labels): Labels {
  return [...labels].sort(([one], [other]) => (one < other ? -1 : 1));
}

function labelKey(head: readonly (string | undefined)[], labels: Labels): string {
  const parts = [...head];
  for (const [name, value] of labels) parts.push(name, value);
  return identityKey(parts);
}

/** Identity: every label but the replica's, in the order of their names, after the parts that name the sender. */
function labelIdentity(sender: Sender, inOrder: Labels): string {
  const told = inOrder.filter(([name]) => !replicaNames.has(name));
  return labelKey(sender, told);
}

function linksOf(item: JsonRecord, envelope: unknown): NonNullable<AlertDraft["links"]> {
  const links = [{ href: asText(item.generatorURL), text: "Source" }];
  for (const name of dashboardNames) {
    links.push({ href: textAt(item.annotations, name) ?? textAt(item, name), text: "Dashboard" });
  }
  links.push({ href: textAt(envelope, "externalURL"), text: "Alertmanager" });
  return links;
}

/** Status is the item's own, else that of the notification it came in; a v2 item has none and ends by `endsAt`. */
function isResolved(item: JsonRecord, envelope: unknown): boolean {
  return (asText(item.status) ?? textAt(envelope, "status")) === "resolved";
}

/** Who sent the labels: the format, then what else keeps one of its installations apart from another. */
type Sender = readonly [source: string, ...more: (string | undefined)[]];

/**
 * The draft of one alert that is known by its `labels`, which `entries` lists. `envelope` is the notification it came
 * in; hints: nativeSeverity, heartbeatKey, instanceKey (the fingerprint, else all labels), expiresAt, runbookUrl. A
 * resend (same labels, same `startsAt`) carries the same heartbeatKey; one without `startsAt` has none.
 */
export function labelledDraft(
  sender: Sender,
  item: JsonRecord,
  envelope: unknown,
  entries: [string, string][],
): AlertDraft {
  const { labels, annotations } = item;
  const rule = textAt(labels, "alertname") ?? "unnamed";
  const inOrder = sorted(entries);
  const identity = labelIdentity(sender, inOrder);
  const isOver = isResolved(item, envelope);
  const startsAt = isoTime(item.startsAt);
  const severity = textAt(labels, "severity");
  return {
    source: sender[0],
    rule,
    title: firstText(annotations, titleNames) ?? rule,
    severity: severityOfWord(severity ?? "") ?? "medium",
    environment: environmentIn(labels),
    service: serviceIn(labels, ["job"]),
    occurredAt: startsAt,
    status: isOver ? "resolved" : "firing",
    dedupKey: identity,
    entities: entitiesOfLabels(labels),
    labels: entries,
    description: firstText(annotations, descriptionNames),
    links: linksOf(item, envelope),
    hints: {
      nativeSeverity: severity,
      heartbeatKey: startsAt && identityKey([identity, startsAt]),
      instanceKey: asText(item.fingerprint) ?? labelKey(["labels"], inOrder),
      expiresAt: isOver ? undefined : isoTime(item.endsAt),
      runbookUrl: runbookNames.map((name) => textAt(annotations, name)).find(isWebAddress),
    },
  };
}
