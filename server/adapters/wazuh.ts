import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { endpointOf, saysNothing } from "./ip-address.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWazuhLevel } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, textAt, textEntries, textsAt } from "./text-field.ts";
import { carriersOf, decodedEntities, machineOf } from "./wazuh-entities.ts";
import { carriedSuricata } from "./wazuh-suricata.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** In this order, the first that says something; a loopback address does not. */
const subjects = [
  "syscheck.path",
  "data.srcip",
  "data.win.eventdata.ipAddress",
  "data.aws.sourceIPAddress",
  "data.dstuser",
  "data.win.eventdata.targetUserName",
  "data.vulnerability.cve",
  "data.sca.check.id",
  "data.srcuser",
];

function subjectOf(record: unknown): (string | undefined)[] {
  for (const path of subjects) {
    const text = textAt(record, path);
    if (text === undefined) continue;
    const ip = endpointOf(text)?.ip;
    if (!ip || !saysNothing(ip)) return [path, ip ?? text];
  }
  return [];
}

function timeOf(record: unknown): string | undefined {
  return isoTime(fieldAt(record, "timestamp")) ?? isoTime(fieldAt(record, "@timestamp"));
}

function labelsOf(record: unknown): (readonly [string, string | undefined])[] {
  return [
    ["location", textAt(record, "location")],
    ["decoder", textAt(record, "decoder.name")],
    ["groups", textsAt(record, "rule.groups").join(", ")],
    ["manager", textAt(record, "manager.name")],
    ["program", textAt(record, "predecoder.program_name")],
    ["syscheck_event", textAt(record, "syscheck.event")],
    ...textEntries(fieldAt(record, "agent.labels")),
  ];
}

function fileChange(record: unknown): string | undefined {
  const path = textAt(record, "syscheck.path");
  return path && `File ${path} ${textAt(record, "syscheck.event") ?? "changed"}`;
}

/** Identity: rule.id, agent, the log's host where it is another, and the subject (see above). */
function ownDraft(record: unknown, rule: string, level: number): AlertDraft {
  const machine = machineOf(record);
  return {
    source: "wazuh",
    rule,
    title: textAt(record, "rule.description") ?? `Rule ${rule}`,
    severity: severityOfWazuhLevel(level),
    dedupKey: identityKey(["wazuh", rule, ...machine.identity, ...subjectOf(record)]),
    entities: [...machine.entities, ...decodedEntities(record)],
    techniques: textsAt(record, "rule.mitre.id"),
    labels: labelsOf(record),
    description: firstText(record, ["full_log", "previous_log"]) ?? fileChange(record),
    hints: { nativeSeverity: `level ${level}` },
  };
}

/** What Suricata saw, as Suricata's; Wazuh's rule number and place stay as labels. */
function carriedDraft(record: unknown, rule: string): AlertDraft | undefined {
  const inner = carriedSuricata(record);
  return (
    inner && {
      ...inner,
      entities: [...inner.entities, ...carriersOf(record)],
      techniques: [...(inner.techniques ?? []), ...textsAt(record, "rule.mitre.id")],
      labels: [...(inner.labels ?? []), ["wazuh_rule", rule] as const, ...labelsOf(record)],
    }
  );
}

function readWazuh(sent: unknown, textIsClean: boolean): Reading {
  // Documents exported from the indexer wrap the alert.
  const record = isRecord(sent) && isRecord(sent._source) && !sent.rule ? sent._source : sent;
  if (!isRecord(record)) return invalid("wazuh: must be an object");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const rule = textAt(record, "rule.id");
  if (rule === undefined) return invalid("rule.id: is required in a Wazuh alert");
  const level = Number(textAt(record, "rule.level") ?? Number.NaN);
  if (Number.isNaN(level)) return invalid("rule.level: must be a number in a Wazuh alert");
  const labels = fieldAt(record, "agent.labels");
  const carried = carriedDraft(record, rule);
  const draft = carried ?? ownDraft(record, rule, level);
  draft.environment = environmentIn(labels);
  draft.service = serviceIn(labels);
  draft.occurredAt ??= timeOf(record);
  // What is carried may have been parsed out of a text.
  return fitAlert(draft, textIsClean && carried === undefined);
}

function holdsRule(record: unknown): boolean {
  if (!isRecord(record) || fieldAt(record, "rule.level") === undefined) return false;
  return fieldAt(record, "rule.id") !== undefined && (isRecord(record.agent) || isRecord(record.manager));
}

/**
 * Wazuh 4 alerts, one object each, bare or in an indexer's `_source`. Identity: rule.id, agent, and the first of
 * file path, source address, user …; Suricata and Snort alerts that Wazuh carries keep Suricata's identity.
 * Hints: nativeSeverity.
 */
export const wazuh: Adapter = {
  format: "wazuh",
  recognises: (record) => holdsRule(record) || (isRecord(record) && holdsRule(record._source)),
  read: (record, textIsClean = false) => [readWazuh(record, textIsClean)],
};
