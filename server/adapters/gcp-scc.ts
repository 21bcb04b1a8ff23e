import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { projectIn } from "./gcp-project.ts";
import { sccEntities } from "./gcp-scc-entities.ts";
import { sccTactic, sccTechniques } from "./gcp-scc-techniques.ts";
import { identityKey } from "./identity-key.ts";
import { isoTime } from "./native-time.ts";
import { lookIntoPubSub, openPubSub } from "./pubsub-envelope.ts";
import { severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt, textEntries } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

const severityOfClass: Readonly<Record<string, Severity>> = {
  THREAT: "high",
  TOXIC_COMBINATION: "high",
  CHOKEPOINT: "high",
  OBSERVATION: "low",
  SCC_ERROR: "low",
};

/** Older detectors put their severity among their own properties; without any the class has to do. */
function severityOf(finding: JsonRecord): { native: string | undefined; severity: Severity } {
  const paths = ["severity", "sourceProperties.SeverityLevel", "sourceProperties.detectionPriority"];
  const stated = paths.map((path) => textAt(finding, path));
  const native = stated.find((word) => word !== undefined && severityOfWord(word) !== undefined);
  const byClass = new Map(Object.entries(severityOfClass)).get(textAt(finding, "findingClass") ?? "");
  return { native, severity: severityOfWord(native ?? "") ?? byClass ?? "medium" };
}

/** The project or account of another cloud, by the name people use for it and by its number. */
function placeOf(finding: JsonRecord, resource: unknown): { name?: string; number?: string } {
  const shown = firstText(resource, [
    "gcpMetadata.projectDisplayName",
    "project_display_name",
    "projectDisplayName",
    "awsMetadata.account.id",
    "azureMetadata.subscription.id",
  ]);
  const project = firstText(resource, ["gcpMetadata.project", "project_name", "projectName"]);
  const number = projectIn(project) ?? projectIn(textAt(finding, "resourceName"));
  const stated = firstText(finding, [
    "sourceProperties.ProjectId",
    "sourceProperties.properties.project_id",
    "sourceProperties.properties.network.project",
  ]);
  const name = shown ?? stated ?? number;
  return { ...(name && { name }), ...(number && number !== name && { number }) };
}

function descriptionOf(finding: JsonRecord): string {
  const muted = textAt(finding, "mute") === "MUTED" ? "Muted in Security Command Center." : undefined;
  const told = firstText(finding, ["description", "sourceProperties.Explanation"]);
  const steps = firstText(finding, ["nextSteps", "sourceProperties.Recommendation"]);
  return [muted, told, steps].filter(Boolean).join("\n");
}

function labelsOf(finding: JsonRecord, resource: unknown): AlertDraft["labels"] {
  const mute = textAt(finding, "mute");
  return [
    ["finding_class", textAt(finding, "findingClass")],
    ["tactic", sccTactic(finding)],
    ["mute", mute === "MUTED" ? mute : undefined],
    ["resource", textAt(finding, "resourceName") ?? textAt(resource, "name")],
    ["resource_type", textAt(resource, "type")],
    ["cloud", textAt(resource, "cloudProvider")],
    ["detector", firstText(finding, ["parentDisplayName", "sourceProperties.ScannerName"])],
    ["module", textAt(finding, "moduleName")],
    ["cve", textAt(finding, "vulnerability.cve.id")],
    ["method", textAt(finding, "access.methodName")],
    ...textEntries(fieldAt(finding, "securityMarks.marks")),
  ];
}

function linksOf(finding: JsonRecord): AlertDraft["links"] {
  const references = fieldAt(finding, "vulnerability.cve.references");
  return [
    { href: textAt(finding, "externalUri"), text: "Google Cloud console" },
    ...(Array.isArray(references) ? references : []).map((reference) => ({
      href: textAt(reference, "uri"),
      text: textAt(finding, "vulnerability.cve.id"),
    })),
  ];
}

/** Identity: the finding's name, which Security Command Center uses again for every update. */
function draftOf(finding: JsonRecord, resource: unknown, name: string, category: string): AlertDraft {
  const { native, severity } = severityOf(finding);
  const project = placeOf(finding, resource);
  const marks = fieldAt(finding, "securityMarks.marks");
  const shown = firstText(resource, ["displayName", "display_name"]);
  const identity = identityKey(["gcp-scc", name]);
  return {
    source: "gcp-scc",
    rule: category,
    title: shown ? `${category}: ${shown}` : category,
    severity,
    environment: environmentIn(marks),
    service: serviceIn(marks),
    occurredAt: isoTime(finding.eventTime) ?? isoTime(finding.createTime),
    status: textAt(finding, "state") === "INACTIVE" ? "resolved" : "firing",
    dedupKey: identity,
    entities: [
      ...sccEntities(finding, resource),
      { type: "account", value: project.name, role: "target" },
      { type: "account", value: project.number, role: "target" },
    ],
    techniques: sccTechniques(finding),
    labels: [
      ["project_id", project.name],
      ["project_number", project.number],
      ...(labelsOf(finding, resource) ?? []),
    ],
    description: descriptionOf(finding),
    links: linksOf(finding) ?? [],
    hints: { nativeSeverity: native, heartbeatKey: identity, instanceKey: name },
  };
}

function readScc(sent: unknown): Reading {
  if (!isRecord(sent)) return invalid("gcp-scc: must be an object");
  const deep = findOddity(sent, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const { inner, rejected } = openPubSub(sent);
  if (rejected) return rejected;
  const finding = inner.finding ?? inner;
  if (!isRecord(finding)) return invalid("finding: must be an object");
  const name = textAt(finding, "name");
  if (name === undefined) return invalid("finding.name: is required in a Security Command Center finding");
  const category = textAt(finding, "category");
  if (category === undefined) {
    return invalid("finding.category: is required in a Security Command Center finding");
  }
  return fitAlert(draftOf(finding, inner.resource ?? finding.resource, name, category));
}

function looksLikeFinding(value: unknown): boolean {
  if (!isRecord(value) || typeof value.name !== "string" || typeof value.category !== "string") return false;
  return /^(?:organizations|folders|projects)\/[^/]+\/sources\/.+\/findings\/[^/]+$/.test(value.name);
}

/**
 * Findings of Google Cloud's Security Command Center: the notification (v1 and v2), the finding alone, and either
 * inside a Pub/Sub push request. Identity: see `draftOf`; INACTIVE is resolved, an update of what is still active
 * is a heartbeat, MUTED is noted. Hints: nativeSeverity, heartbeatKey, instanceKey.
 */
export const gcpScc: Adapter = {
  format: "gcp-scc",
  recognises: (record) => {
    const { inner } = lookIntoPubSub(record);
    return inner !== undefined && (looksLikeFinding(inner.finding) || looksLikeFinding(inner));
  },
  read: (record) => [readScc(record)],
};
