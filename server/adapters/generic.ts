import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid, type RoledEntity } from "./fit-alert.ts";
import { fieldNames, findText, valueIn } from "./generic-fields.ts";
import { genericSeverity } from "./generic-severity.ts";
import { type SigmaRule, sigmaDescription, sigmaRuleIn } from "./generic-sigma.ts";
import { identityKey } from "./identity-key.ts";
import { endpointOf, saysNothing } from "./ip-address.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { isRecord, type JsonRecord, textAt, textEntries, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** A time without a zone says nothing and is left to the time of receipt. */
function timeOf(record: JsonRecord): string | undefined {
  for (const name of [...fieldNames.time, ...fieldNames.laterTime]) {
    const value = valueIn(record, name);
    const time = isoTime(value) ?? epochTime(value);
    if (time) return time;
  }
  return undefined;
}

function ipEntity(text: string | undefined, role: RoledEntity["role"]): RoledEntity {
  const ip = text && endpointOf(text)?.ip;
  return { type: "ip", value: ip && !saysNothing(ip) ? ip : undefined, role };
}

function entitiesOf(record: JsonRecord): RoledEntity[] {
  const host = findText(record, "host");
  const hostIp = host && endpointOf(host)?.ip;
  return [
    hostIp ? { type: "ip", value: hostIp, role: "target" } : { type: "host", value: host, role: "target" },
    { type: "user", value: findText(record, "user"), role: "target" },
    ipEntity(findText(record, "actorIp"), "actor"),
    ipEntity(findText(record, "targetIp"), "target"),
  ];
}

function statusOf(record: JsonRecord): AlertDraft["status"] {
  const isOver = textAt(record, "status") === "resolved" || textAt(record, "action") === "close";
  return isOver ? "resolved" : "firing";
}

/** `attack.t1059.001` as Sigma writes it, and bare ids. */
function techniquesOf(tags: readonly string[]): string[] {
  return tags.map((tag) => tag.replace(/^attack\./i, ""));
}

function contextOf(
  record: JsonRecord,
  tags: readonly string[],
): Pick<AlertDraft, "environment" | "service" | "labels"> {
  const service = isRecord(record.service) ? textAt(record.service, "name") : textsAt(record, "service")[0];
  return {
    environment:
      environmentIn(record) ?? textAt(record, "service.environment") ?? environmentIn(record.labels),
    service: service ?? serviceIn(record) ?? serviceIn(record.labels),
    labels: [...textEntries(record.labels), ["tags", [...new Set(tags)].join(", ")]],
  };
}

/** A Sigma rule's number is its `id`; in other records `id` is the event's own and new each time. */
function draftOf(record: JsonRecord, title: string, sigma: SigmaRule | undefined): AlertDraft {
  const found = genericSeverity(record);
  const source = findText(record, "source") ?? sigma?.product ?? "generic";
  const dedup = findText(record, "dedup");
  const tags = [...textsAt(record, "tags"), ...(sigma?.tags ?? [])];
  const said = findText(record, "description");
  const description = sigma === undefined ? said : (sigmaDescription(sigma) ?? said);
  return {
    source,
    rule: sigma?.id ?? findText(record, "rule") ?? title,
    title,
    severity: sigma?.severity ?? found.severity,
    ...contextOf(record, tags),
    occurredAt: timeOf(record),
    status: statusOf(record),
    dedupKey: dedup && identityKey(["generic", source, dedup]),
    entities: entitiesOf(record),
    techniques: techniquesOf([...tags, ...textsAt(record, "techniques")]),
    description: description === title ? undefined : description,
    links: [
      ...fieldNames.link.map((name) => ({ href: textAt(record, name) })),
      ...(sigma?.references ?? []).map((href) => ({ href, text: "Rule" })),
    ],
    hints: {
      nativeSeverity: sigma?.native ?? found.native,
      instanceKey: dedup,
      runbookUrl: findText(record, "runbook"),
    },
  };
}

function readGeneric(record: unknown): Reading {
  if (!isRecord(record)) return invalid("generic: must be an object");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const sigma = sigmaRuleIn(record);
  const title = sigma?.title ?? findText(record, "title");
  return title === undefined
    ? invalid(`title: none of ${fieldNames.title.join(", ")} holds text`)
    : fitAlert(draftOf(record, title, sigma));
}

/**
 * Any JSON object with ordinary names (Sigma, Keep, TheHive, GoAlert, syslog). Identity: the sender's fingerprint,
 * alias or dedup key within its source, else computed by triage. A Sigma rule's severity is its level, one milder
 * while it is experimental or once it is deprecated. Never found out, only chosen by name. Hints: nativeSeverity,
 * instanceKey (the same key), runbookUrl.
 */
export const generic: Adapter = {
  format: "generic",
  recognises: () => false,
  read: (record) => [readGeneric(record)],
};
