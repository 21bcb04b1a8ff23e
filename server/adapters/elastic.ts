import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { asList } from "./as-list.ts";
import { carriedByElastic } from "./elastic-carried.ts";
import { elasticDocuments, isAlertDocument, isKibanaAlert } from "./elastic-documents.ts";
import { ecsEntities } from "./elastic-entities.ts";
import { ecsField, ecsTechniques, ecsText, firstEcsText } from "./elastic-field.ts";
import { elasticIdentity } from "./elastic-identity.ts";
import { ecsDescription, ecsLabels, ecsLinks } from "./elastic-texts.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid, type RoledEntity } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { severityOfRisk, severityOfWord } from "./severity-scale.ts";
import { isRecord } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** The numbers of a rule's id stay; an event's own `rule.id` is told apart by the module that reads its source. */
function ruleOf(doc: unknown): string | undefined {
  const kibana = ["kibana.alert.rule.rule_id", "kibana.alert.rule.uuid", "kibana.alert.rule.name"];
  if (isKibanaAlert(doc)) return firstEcsText(doc, kibana);
  const rule = firstEcsText(doc, ["rule.id", "rule.uuid", "rule.name", "event.code", "event.action"]);
  const origin = firstEcsText(doc, ["event.module", "event.dataset", "event.provider"]);
  return [origin, rule].filter(Boolean).join(":") || undefined;
}

/** Kibana's word, else a risk; the numbers of an event are on its source's own scale unless they are risks too. */
function severityOf(doc: unknown): { severity: Severity; native: string | undefined } {
  const word = firstEcsText(doc, ["kibana.alert.severity", "kibana.alert.rule.severity", "log.level"]);
  const named = word && severityOfWord(word);
  if (named) return { severity: named, native: word };
  const risk = firstEcsText(doc, [
    "kibana.alert.risk_score",
    "kibana.alert.rule.risk_score",
    "event.risk_score",
  ]);
  const number = Number(risk ?? ecsText(doc, "event.severity") ?? Number.NaN);
  const isRisk = number <= 100 && (risk !== undefined || number > 10);
  const native = risk === undefined ? ecsText(doc, "event.severity") : `risk ${risk}`;
  return { severity: isRisk ? severityOfRisk(number) : "medium", native };
}

function timeOf(doc: unknown): string | undefined {
  const paths = ["kibana.alert.original_time", "kibana.alert.start", "@timestamp"];
  for (const path of paths) {
    const [value] = asList(ecsField(doc, path));
    const time = isoTime(value) ?? epochTime(value);
    if (time) return time;
  }
  return undefined;
}

/** `recovered` says the rule, `closed` a person in Kibana; both end what fires. */
function isOver(doc: unknown): boolean {
  return (
    ecsText(doc, "kibana.alert.status") === "recovered" ||
    ecsText(doc, "kibana.alert.workflow_status") === "closed"
  );
}

function ownDraft(doc: unknown, rule: string): AlertDraft & { entities: RoledEntity[] } {
  const { severity, native } = severityOf(doc);
  const uuid = ecsText(doc, "kibana.alert.uuid");
  return {
    source: "elastic",
    rule,
    title: firstEcsText(doc, ["kibana.alert.rule.name", "rule.name", "message", "event.action"]) ?? rule,
    severity,
    dedupKey: elasticIdentity(doc, rule),
    status: isOver(doc) ? "resolved" : "firing",
    entities: ecsEntities(doc),
    description: ecsDescription(doc),
    hints: {
      nativeSeverity: native,
      instanceKey: uuid,
      heartbeatKey: uuid && identityKey(["elastic", uuid]),
    },
  };
}

function readDocument(doc: unknown): Reading {
  const rule = ruleOf(doc);
  if (rule === undefined)
    return invalid("kibana.alert.rule: neither it nor rule says which rule raised the alert");
  const carried = carriedByElastic(doc);
  const observer = { type: "host", value: ecsText(doc, "observer.name"), role: "observer" } as const;
  const agent = { type: "host", value: ecsText(doc, "agent.name"), role: "observer" } as const;
  const own = carried && { ...carried, entities: [...carried.entities, observer, agent] };
  const draft = own ?? ownDraft(doc, rule);
  const labels = ecsField(doc, "labels");
  return fitAlert({
    ...draft,
    environment: ecsText(doc, "service.environment") ?? environmentIn(labels),
    service: ecsText(doc, "service.name") ?? serviceIn(labels),
    occurredAt: timeOf(doc),
    techniques: ["threat", "kibana.alert.rule.threat"].flatMap((path) => ecsTechniques(doc, path)),
    labels: ecsLabels(doc),
    links: ecsLinks(doc),
  });
}

function readElastic(sent: unknown): Reading[] {
  if (!isRecord(sent)) return [invalid("elastic: must be an object")];
  const deep = findOddity(sent, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  return elasticDocuments(sent).map(readDocument);
}

/**
 * Alert documents of Elastic Security and other Kibana rules, flat or nested, bare, as search hits or in the bodies
 * that rule connectors send, and ECS events of kind `alert`. Identity: space, rule and what the rule groups by, else
 * host, cloud account and the first of file path, source address, user …; Suricata alerts keep Suricata's identity.
 * Hints: nativeSeverity, and the document's uuid as instanceKey and heartbeatKey: Kibana sends one alert
 * again while it goes on and when its status changes.
 */
export const elastic: Adapter = {
  format: "elastic",
  recognises: (sent) => isRecord(sent) && elasticDocuments(sent).every(isAlertDocument),
  read: readElastic,
};
