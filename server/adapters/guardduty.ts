import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { fewRecords } from "./as-list.ts";
import { accountId, awsTags, byLowerName, recordsIn } from "./aws-account.ts";
import { awsConsole } from "./aws-console.ts";
import { type AwsEvent, awsEventOf, lookInside, openAws } from "./aws-envelope.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { guardDutyEntities } from "./guardduty-entities.ts";
import { inEventCase, isInApiCase, isSample, looksLikeFinding, purposeOf } from "./guardduty-finding.ts";
import { tacticOf, techniquesOf } from "./guardduty-techniques.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { fieldAt, isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** The bands that AWS documents; a sample is never more than low, and what gives no number is medium. */
function severityOf(text: string | undefined, sample: boolean): Severity {
  const number = Number(text ?? Number.NaN);
  if (number < 1) return "info";
  if (sample || number < 4) return "low";
  if (number >= 9) return "critical";
  return number >= 7 ? "high" : "medium";
}

const taggedResources = [
  "instanceDetails",
  "eksClusterDetails",
  "ecsClusterDetails",
  "ecsClusterDetails.taskDetails",
  "lambdaDetails",
  "rdsDbInstanceDetails",
  "rdsLimitlessDbDetails",
];

function tagsOf(finding: JsonRecord): [string, string][] {
  const resource = fieldAt(finding, "resource");
  const sequence = recordsIn(fieldAt(finding, "service.detection.sequence.resources"));
  const holders = [
    ...taggedResources.map((path) => fieldAt(resource, path)),
    ...recordsIn(fieldAt(resource, "s3BucketDetails")),
    ...sequence,
  ];
  return holders.flatMap(awsTags);
}

function threatsOf(finding: JsonRecord): JsonRecord[] {
  return recordsIn(fieldAt(finding, "service.evidence.threatIntelligenceDetails"));
}

function labelsOf(
  finding: JsonRecord,
  type: string,
  sample: boolean,
  tags: [string, string][],
): AlertDraft["labels"] {
  const threats = threatsOf(finding);
  return [
    ["purpose", purposeOf(type)],
    ["tactic", tacticOf(type)],
    ["sample", sample ? "true" : undefined],
    ["resource_type", textAt(finding, "resource.resourceType")],
    ["resource_role", textAt(finding, "service.resourceRole")],
    ["action", textAt(finding, "service.action.actionType")],
    ["api", textAt(finding, "service.action.awsApiCallAction.api")],
    ["count", textAt(finding, "service.count")],
    ["confidence", textAt(finding, "confidence")],
    ["threat_names", threats.flatMap((threat) => textsAt(threat, "threatNames")).join(", ")],
    ["threat_lists", threats.flatMap((threat) => textsAt(threat, "threatListName")).join(", ")],
    ["access_key_id", textAt(finding, "resource.accessKeyDetails.accessKeyId")],
    ...tags,
  ];
}

/** When it last happened; an archived finding tells when that was done. */
function timeOf(finding: JsonRecord, isArchived: boolean, event: JsonRecord | undefined): string | undefined {
  const seen = isoTime(fieldAt(finding, "service.eventLastSeen"));
  const updated = isoTime(finding.updatedAt);
  const [first, second] = isArchived ? [updated, seen] : [seen, updated];
  return first ?? second ?? isoTime(finding.createdAt) ?? isoTime(event?.time);
}

function descriptionOf(finding: JsonRecord, sample: boolean): string {
  const note = sample ? "A sample finding, made on request: nothing happened." : undefined;
  return [note, textAt(finding, "description")].filter(Boolean).join("\n");
}

/** Identity: account, region and the finding's id, which GuardDuty uses again for what it sees again. */
function draftOf(finding: JsonRecord, type: string, id: string, event: JsonRecord | undefined): AlertDraft {
  const account = accountId(finding.accountId) ?? accountId(event?.account);
  const region = textAt(finding, "region") ?? textAt(event, "region");
  const sample = isSample(finding);
  const archived = fieldAt(finding, "service.archived");
  const isArchived = archived === true || archived === "true";
  const tags = tagsOf(finding);
  const byName = byLowerName(tags);
  const severity = textAt(finding, "severity");
  const identity = identityKey(["guardduty", account, region, id]);
  const indicators = recordsIn(fieldAt(finding, "service.detection.sequence.sequenceIndicators"));
  return {
    source: "guardduty",
    rule: type,
    title: textAt(finding, "title") ?? type,
    severity: severityOf(severity, sample),
    environment: environmentIn(byName),
    service: serviceIn(byName),
    occurredAt: timeOf(finding, isArchived, event),
    status: isArchived ? "resolved" : "firing",
    dedupKey: identity,
    entities: guardDutyEntities(finding, account),
    techniques: techniquesOf(type, indicators),
    labels: [["account", account], ["region", region], ...(labelsOf(finding, type, sample, tags) ?? [])],
    description: descriptionOf(finding, sample),
    links: [
      {
        href: awsConsole(region, "guardduty", "findings?macros=current&fId=", id),
        text: "GuardDuty console",
      },
    ],
    hints: { nativeSeverity: severity, heartbeatKey: identity, instanceKey: id },
  };
}

function readFinding({ detail, event }: AwsEvent): Reading {
  const finding = isInApiCase(detail) ? inEventCase(detail) : detail;
  if (!isRecord(finding)) return invalid("detail: must be a GuardDuty finding");
  const id = textAt(finding, "id");
  if (id === undefined) return invalid("id: is required in a GuardDuty finding");
  const type = textAt(finding, "type");
  if (type === undefined) return invalid("type: is required in a GuardDuty finding");
  return fitAlert(draftOf(finding, type.trim(), id.trim(), event));
}

function readGuardDuty(sent: unknown): Reading[] {
  if (!isRecord(sent)) return [invalid("guardduty: must be an object")];
  const deep = findOddity(sent, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  const { inner, rejected } = openAws(sent);
  if (rejected) return [rejected];
  if (Array.isArray(inner.Findings))
    return fewRecords(inner.Findings).map((detail) => readFinding({ detail }));
  return [readFinding(awsEventOf(inner))];
}

/**
 * Amazon GuardDuty findings (schema 2.0): bare in the case of events or of the API, an API answer's `Findings`, an
 * EventBridge event, each also in an SNS notification. Identity: see `draftOf`; archived is resolved. A finding
 * told again with a higher `service.count` is a heartbeat. Hints: nativeSeverity, heartbeatKey, instanceKey.
 */
export const guardduty: Adapter = {
  format: "guardduty",
  recognises: (record) => {
    const inside = lookInside(record);
    if (inside?.event) return inside.event["detail-type"] === "GuardDuty Finding";
    const detail = inside?.detail;
    const findings = isRecord(detail) && Array.isArray(detail.Findings) ? detail.Findings : [detail];
    return findings.length > 0 && findings.every(looksLikeFinding);
  },
  read: readGuardDuty,
};
