import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { asList, fewRecords } from "./as-list.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { ocsfEntities } from "./ocsf-entities.ts";
import { analyticOf, ocsfIdentity, productOf } from "./ocsf-identity.ts";
import { severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, textAt, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

const severityIds = new Map<string, Severity>([
  ["0", "info"],
  ["1", "info"],
  ["2", "low"],
  ["3", "medium"],
  ["4", "high"],
  ["5", "critical"],
  ["6", "critical"],
]);

/** 99 is a severity of the product's own, told by its word alone. */
function severityOf(finding: unknown): Severity {
  const word = severityOfWord(textAt(finding, "severity") ?? "");
  return severityIds.get(textAt(finding, "severity_id") ?? "") ?? word ?? "medium";
}

/** Activity 3 is Close; status 4 Resolved, 5 Archived, 6 Deleted. */
function isOver(finding: unknown): boolean {
  if (textAt(finding, "activity_id") === "3") return true;
  return ["4", "5", "6"].includes(textAt(finding, "status_id") ?? "");
}

/** Labels are `name:value`, `name=value` or a word; tags are objects of name and value. */
function tagsOf(finding: unknown): [string, string][] {
  const holders = [finding, fieldAt(finding, "metadata"), fieldAt(finding, "finding_info")];
  // No spread: an attacker may name more of them than a call takes arguments.
  for (const resource of asList(fieldAt(finding, "resources"))) holders.push(resource);
  holders.push(fieldAt(finding, "device"));
  return holders.flatMap((holder) => [
    ...textsAt(holder, "labels").map((label): [string, string] => {
      const [, name, value] = /^([^:=]{1,64})[:=](.*)$/s.exec(label) ?? [];
      return name && value ? [name.trim(), value.trim()] : [label, "true"];
    }),
    ...asList(fieldAt(holder, "tags")).flatMap((tag): [string, string][] => {
      const name = textAt(tag, "name");
      const value = textAt(tag, "value") ?? textsAt(tag, "values")[0];
      return name && value ? [[name, value]] : [];
    }),
  ]);
}

function techniquesOf(finding: unknown): string[] {
  const attacks = [fieldAt(finding, "finding_info.attacks"), fieldAt(finding, "attacks")].flatMap(asList);
  return attacks.flatMap((attack) =>
    ["technique", "techniques", "sub_technique"].flatMap((name) =>
      asList(fieldAt(attack, name)).flatMap((one) => textsAt(one, "uid")),
    ),
  );
}

function timeOf(finding: unknown): string | undefined {
  for (const path of ["time", "finding_info.last_seen_time", "finding_info.created_time", "time_dt"]) {
    const value = fieldAt(finding, path);
    const time = epochTime(value) ?? isoTime(value);
    if (time) return time;
  }
  return undefined;
}

function labelsOf(finding: unknown, tags: [string, string][]): AlertDraft["labels"] {
  const resources = asList(fieldAt(finding, "resources")).flatMap(
    (one) => firstText(one, ["uid", "name"]) ?? [],
  );
  return [
    ["product", productOf(finding)],
    ["vendor", textAt(finding, "metadata.product.vendor_name")],
    ["class", textAt(finding, "class_name")],
    ["types", textsAt(finding, "finding_info.types").join(", ")],
    ["resources", resources.join(", ")],
    ["account_name", textAt(finding, "cloud.account.name")],
    ["region", textAt(finding, "cloud.region")],
    ["confidence", firstText(finding, ["confidence", "confidence_score", "confidence_id"])],
    ["disposition", firstText(finding, ["disposition", "action"])],
    ...tags,
  ];
}

function descriptionOf(finding: unknown): string {
  const paths = ["finding_info.desc", "message", "risk_details", "remediation.desc"];
  return [...new Set(paths.flatMap((path) => textAt(finding, path) ?? []))].join("\n");
}

function draftOf(finding: unknown, analytic: string, uid: string | undefined): AlertDraft {
  const tags = tagsOf(finding);
  const byName = Object.fromEntries(tags);
  const product = productOf(finding);
  const instance = uid && identityKey([product, uid]);
  const references = textsAt(finding, "remediation.references");
  return {
    source: "ocsf",
    rule: product ? `${product}: ${analytic}` : analytic,
    title: firstText(finding, ["finding_info.title", "message", "finding_info.desc"]) ?? analytic,
    severity: severityOf(finding),
    environment: environmentIn(byName),
    service: serviceIn(byName),
    occurredAt: timeOf(finding),
    status: isOver(finding) ? "resolved" : "firing",
    dedupKey: ocsfIdentity(finding),
    entities: ocsfEntities(finding),
    techniques: techniquesOf(finding),
    labels: labelsOf(finding, tags) ?? [],
    description: descriptionOf(finding),
    links: [
      ...textsAt(finding, "finding_info.src_url").map((href) => ({ href, text: "Finding" })),
      ...textsAt(finding, "src_url").map((href) => ({ href, text: "Event" })),
      ...references.map((href) => ({ href, text: "Remediation" })),
    ],
    hints: {
      nativeSeverity: firstText(finding, ["severity", "severity_id"]),
      instanceKey: instance,
      heartbeatKey: instance && identityKey(["ocsf", instance]),
    },
  };
}

function readFinding(finding: unknown): Reading {
  if (!isRecord(finding)) return invalid("ocsf: must be an object");
  if (!isRecord(finding.finding_info)) return invalid("finding_info: is required in a finding of OCSF");
  const uid = textAt(finding, "finding_info.uid");
  const analytic = analyticOf(finding) ?? textAt(finding, "class_name") ?? "finding";
  return fitAlert(draftOf(finding, analytic, uid));
}

/** Security Hub sends findings by EventBridge, several in `detail.findings`. */
function findingsOf(sent: unknown): unknown[] {
  const carried = isRecord(sent) ? fieldAt(sent.detail, "findings") : undefined;
  return isFinding(sent) || !Array.isArray(carried) ? [sent] : fewRecords(carried);
}

function readOcsf(sent: unknown): Reading[] {
  const deep = findOddity(sent, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  return findingsOf(sent).map(readFinding);
}

function isFinding(record: unknown): boolean {
  return isRecord(record) && record.class_uid !== undefined && isRecord(record.finding_info);
}

/**
 * OCSF Detection Findings (class 2004) and the other findings with a `finding_info`, bare or in Security Hub's events.
 * Identity: product, account, analytic and resources, else what the finding is about. `finding_info.uid` is one
 * finding with its updates: instanceKey and heartbeatKey, but no identity, since the same analytic finds the same
 * thing again under a new one. Hints: nativeSeverity, instanceKey, heartbeatKey.
 */
export const ocsf: Adapter = {
  format: "ocsf",
  recognises: (record) => {
    const findings = findingsOf(record);
    return findings.length > 0 && findings.every(isFinding);
  },
  read: readOcsf,
};
