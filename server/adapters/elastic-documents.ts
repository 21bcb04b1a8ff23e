import { asList, fewRecords } from "./as-list.ts";
import { ecsField, ecsText } from "./elastic-field.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt } from "./text-field.ts";

export function isKibanaAlert(doc: unknown): boolean {
  const named = ["kibana.alert.uuid", "kibana.alert.rule.uuid", "kibana.alert.rule.name"];
  return named.some((path) => ecsText(doc, path) !== undefined);
}

/** An event in ECS that some detector called an alert, as Filebeat, Elastic Defend and Endgame write it. */
export function isEcsAlert(doc: unknown): boolean {
  const kind = ecsText(doc, "event.kind");
  if ((kind !== "alert" && kind !== "signal") || ecsField(doc, "@timestamp") === undefined) return false;
  const named = ["ecs.version", "event.module", "event.dataset", "rule.id", "rule.name"];
  return named.some((path) => ecsText(doc, path) !== undefined);
}

/**
 * The names are looked at first, by themselves: finding the format out asks this of every record of every format, and
 * a path that may be dotted anywhere is dear to look for.
 */
export function isAlertDocument(doc: unknown): doc is JsonRecord {
  if (!isRecord(doc)) return false;
  const isLike = Object.keys(doc).some((name) => name.startsWith("kibana") || name.startsWith("event"));
  return isLike && (isKibanaAlert(doc) || isEcsAlert(doc));
}

/** A search hit holds the document in `_source`, or its fields alone in `fields`. */
function bare(doc: unknown): unknown {
  if (!isRecord(doc)) return doc;
  return [doc._source, doc.fields].find(isAlertDocument) ?? doc;
}

/** What a rule action sends: `{{context.alerts}}` under either name, or a summary, whose `all` repeats the rest. */
function listed(sent: unknown): unknown[] {
  if (!isRecord(sent) || !(Object.hasOwn(sent, "alerts") || Object.hasOwn(sent, "context"))) return [];
  const list = [fieldAt(sent, "alerts"), fieldAt(sent, "context.alerts")].find(Array.isArray);
  if (list !== undefined) return list;
  const parts = ["new", "ongoing", "recovered"].flatMap((part) =>
    asList(fieldAt(sent, `alerts.${part}.data`)),
  );
  return parts.length > 0 ? parts : asList(fieldAt(sent, "alerts.all.data"));
}

/** The variables of an action that runs for each alert, as the document they stand for. */
function actionDocument(sent: JsonRecord): JsonRecord {
  const isOver = textAt(sent, "alert.actionGroup") === "recovered";
  return {
    "@timestamp": sent.date,
    "kibana.space_ids": [textAt(sent, "rule.spaceId")],
    "kibana.alert.rule.uuid": textAt(sent, "rule.id"),
    "kibana.alert.rule.name": textAt(sent, "rule.name"),
    "kibana.alert.rule.tags": fieldAt(sent, "rule.tags"),
    "kibana.alert.severity": textAt(sent, "rule.params.severity"),
    "kibana.alert.uuid": textAt(sent, "alert.uuid"),
    "kibana.alert.instance.id": textAt(sent, "alert.id"),
    "kibana.alert.status": isOver ? "recovered" : "active",
    "kibana.alert.reason": firstText(sent, ["context.message", "context.reason"]),
    "kibana.alert.url": firstText(sent, ["context.alertDetailsUrl", "rule.url"]),
  };
}

function isAction(sent: unknown): sent is JsonRecord {
  if (!isRecord(sent) || textAt(sent, "rule.id") === undefined) return false;
  return textAt(sent, "alert.id") !== undefined && textAt(sent, "alert.actionGroup") !== undefined;
}

/** The documents of one record: itself, a search hit's, or those that a rule's connector sent together. */
export function elasticDocuments(sent: unknown): unknown[] {
  if (isAlertDocument(sent)) return [sent];
  const items = listed(sent);
  if (items.length > 0) return fewRecords(items).map(bare);
  return isAction(sent) ? [actionDocument(sent)] : [bare(sent)];
}
