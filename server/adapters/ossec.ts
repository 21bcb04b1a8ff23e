import type { Adapter, Reading } from "./adapter.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { endpointOf, saysNothing } from "./ip-address.ts";
import { epochTime } from "./native-time.ts";
import { isOssecText, ossecTextRecords, parseOssecText } from "./ossec-text.ts";
import { severityOfWazuhLevel } from "./severity-scale.ts";
import { asText, fieldAt, isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";
import { carriersOf, decodedEntities, machineOf } from "./wazuh-entities.ts";
import { carriedSuricata } from "./wazuh-suricata.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** In this order, the first that says something; a loopback address does not. */
const subjects = ["SyscheckFile.path", "srcip", "dstuser", "srcuser"];

function subjectOf(record: unknown): (string | undefined)[] {
  for (const path of subjects) {
    const text = textAt(record, path);
    const ip = text && endpointOf(text)?.ip;
    if (text !== undefined && !(ip && saysNothing(ip))) return [path, ip || text];
  }
  return [];
}

function groupsOf(record: unknown): string[] {
  const listed = textsAt(record, "rule.groups");
  const groups = listed.length > 0 ? listed : (textAt(record, "rule.group") ?? "").split(",");
  return groups.map((group) => group.trim()).filter(Boolean);
}

/** Older builds write `(agent) ip->file` into the location alone. */
function agentOf(record: JsonRecord): JsonRecord {
  const [, name, ip] = /^\(([^)]{1,255})\) ([^ ]*?)->/.exec(textAt(record, "location") ?? "") ?? [];
  return { name: textAt(record, "agent_name") ?? name, ip: textAt(record, "agentip") ?? ip };
}

/** The same alert by Wazuh's names: Wazuh grew out of OSSEC, and what it decodes is the same. */
function asWazuh(record: JsonRecord): JsonRecord {
  const hostname = textAt(record, "hostname");
  const agent = agentOf(record);
  const local = hostname?.startsWith("(") ? undefined : hostname;
  const file = record.SyscheckFile;
  return {
    agent: { ...agent, name: agent.name ?? local },
    predecoder: { hostname: local },
    data: {
      srcip: record.srcip,
      dstip: record.dstip,
      srcuser: record.srcuser,
      dstuser: record.dstuser,
      url: record.url,
    },
    ...(isRecord(file) && { syscheck: file }),
    decoder: isRecord(record.decoder) ? record.decoder : { name: record.decoder },
    full_log: record.full_log,
  };
}

function labelsOf(record: JsonRecord): (readonly [string, string | undefined])[] {
  const decoder = isRecord(record.decoder) ? textAt(record, "decoder.name") : asText(record.decoder);
  return [
    ["location", textAt(record, "location")],
    ["decoder", decoder],
    ["groups", groupsOf(record).join(", ")],
    ["program", textAt(record, "program_name")],
    ["action", textAt(record, "action")],
    ["status", textAt(record, "status")],
    ["cve", textAt(record, "rule.cve")],
  ];
}

/** Identity: rule.sidid, agent, the log's host where it is another, and the subject (see above). */
function ownDraft(record: JsonRecord, like: JsonRecord, rule: string, level: number): AlertDraft {
  const machine = machineOf(like);
  return {
    source: "ossec",
    rule,
    title: textAt(record, "rule.comment") ?? `Rule ${rule}`,
    severity: severityOfWazuhLevel(level),
    dedupKey: identityKey(["ossec", rule, ...machine.identity, ...subjectOf(record)]),
    entities: [...machine.entities, ...decodedEntities(like)],
    labels: labelsOf(record),
    description: textAt(record, "full_log"),
    links: [{ href: textAt(record, "rule.info"), text: "Rule" }],
    hints: { nativeSeverity: `level ${level}` },
  };
}

/** What Suricata or Snort saw, as Suricata's; OSSEC's rule number and place stay as labels. */
function carriedDraft(record: JsonRecord, like: JsonRecord, rule: string): AlertDraft | undefined {
  const inner = carriedSuricata(like);
  return (
    inner && {
      ...inner,
      entities: [...inner.entities, ...carriersOf(like)],
      labels: [...(inner.labels ?? []), ["ossec_rule", rule] as const, ...labelsOf(record)],
    }
  );
}

function timeOf(record: JsonRecord): string | undefined {
  // `timestamp` has no zone; the seconds of the id are the alert's own.
  return epochTime(record.TimeStamp) ?? epochTime(textAt(record, "id")?.split(".")[0]);
}

function readOssec(sent: unknown): Reading {
  const record = typeof sent === "string" ? parseOssecText(sent) : sent;
  if (!isRecord(record)) return invalid("ossec: must be an object or a block that begins with ** Alert");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const rule = textAt(record, "rule.sidid");
  if (rule === undefined) return invalid("rule.sidid: is required in an OSSEC alert (Rule: in alerts.log)");
  // Not written when it is 0.
  const level = Number(textAt(record, "rule.level") ?? (fieldAt(record, "rule.level") ? Number.NaN : 0));
  if (Number.isNaN(level)) return invalid("rule.level: must be a number in an OSSEC alert");
  const like = asWazuh(record);
  const draft = carriedDraft(record, like, rule) ?? ownDraft(record, like, rule, level);
  return fitAlert({ ...draft, occurredAt: draft.occurredAt ?? timeOf(record) });
}

function holdsRule(record: unknown): boolean {
  if (!isRecord(record) || fieldAt(record, "rule.sidid") === undefined) return false;
  const isWhole = ["full_log", "location", "TimeStamp"].some((name) => textAt(record, name) !== undefined);
  return isWhole && fieldAt(record, "rule.id") === undefined;
}

/**
 * OSSEC's alerts.json (analysisd/format/to_json.c) and the blocks of alerts.log (analysisd/alerts/log.c).
 * Identity: rule.sidid, agent, and the first of file path, source address, user, so that both forms of an alert
 * are one group; what Suricata or Snort logged keeps Suricata's identity. Hints: nativeSeverity.
 */
export const ossec: Adapter = {
  format: "ossec",
  recognises: (record) => (typeof record === "string" ? isOssecText(record) : holdsRule(record)),
  read: (record) => [readOssec(record)],
  textRecords: ossecTextRecords,
};
