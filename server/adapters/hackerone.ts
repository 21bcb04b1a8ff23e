import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { asList, fewRecords } from "./as-list.ts";
import { scopeEntity } from "./bounty-scope.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isResource, relatedTo } from "./json-api.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

const openStates = ["new", "pending-program-review", "triaged", "needs-more-info", "retesting"];
const closedStates = ["resolved", "not-applicable", "informative", "duplicate", "spam"];

function attribute(resource: unknown, name: string): string | undefined {
  return textAt(fieldAt(resource, "attributes"), name);
}

/** `none` is a report without a security impact; one that nobody has rated is medium until somebody does. */
function severityOf(report: JsonRecord, rating: string | undefined): Severity {
  const word = rating ?? attribute(report, "severity_rating");
  return (word && severityOfWord(word)) || "medium";
}

function ruleOf(report: JsonRecord, document: unknown): { rule: string; weakness: string | undefined } {
  const weakness = relatedTo(report, "weakness", document);
  const [kind] = asList(fieldAt(report, "relationships.vulnerability_types.data"));
  const name = attribute(weakness, "name") ?? attribute(kind, "name");
  return { rule: attribute(weakness, "external_id")?.toUpperCase() ?? name ?? "report", weakness: name };
}

function timeOf(report: JsonRecord, activity: unknown): string | undefined {
  const times = [attribute(activity, "created_at"), attribute(report, "submitted_at")];
  return [...times, attribute(report, "created_at")].map(isoTime).find((time) => time !== undefined);
}

function draftOf(report: JsonRecord, document: unknown, activity: unknown): AlertDraft {
  const id = textAt(report, "id");
  const { rule, weakness } = ruleOf(report, document);
  const severity = relatedTo(report, "severity", document);
  const rating = attribute(severity, "rating");
  const scope = relatedTo(report, "structured_scope", document);
  const asset = attribute(scope, "asset_identifier");
  const program = attribute(relatedTo(report, "program", document), "handle");
  const state = attribute(report, "state");
  const identity = identityKey(["hackerone", id]);
  return {
    source: "hackerone",
    rule,
    title: attribute(report, "title") ?? `Report ${id}`,
    severity: severityOf(report, rating),
    occurredAt: timeOf(report, activity),
    status: closedStates.includes(state ?? "") ? "resolved" : "firing",
    dedupKey: identity,
    entities: [
      ...scopeEntity(asset),
      { type: "account", value: program, role: "target" },
      {
        type: "user",
        value: attribute(relatedTo(report, "reporter", document), "username"),
        role: "observer",
      },
    ],
    labels: [
      ["state", state],
      ["program", program],
      ["weakness", weakness],
      ["asset", asset],
      ["cvss", attribute(severity, "score")],
      ["activity", textAt(activity, "type")],
      ["issue", attribute(report, "issue_tracker_reference_id")],
    ],
    description: firstText(fieldAt(report, "attributes"), ["vulnerability_information", "impact"]),
    links: [
      {
        href: /^\d{1,18}$/.test(id ?? "") ? `https://hackerone.com/reports/${id}` : undefined,
        text: "Report",
      },
      { href: attribute(report, "issue_tracker_reference_url"), text: "Issue" },
    ],
    hints: {
      nativeSeverity: rating ?? attribute(report, "severity_rating"),
      instanceKey: id,
      heartbeatKey: identity,
    },
  };
}

/** A webhook holds one in `data.report`, an answer of the API one or a list in `data`. */
function reportsIn(sent: JsonRecord): unknown[] {
  if (sent.data === undefined) return [sent];
  const carried = fieldAt(sent, "data.report");
  return carried === undefined ? fewRecords(asList(sent.data)) : [fieldAt(carried, "data") ?? carried];
}

function readReport(report: unknown, sent: JsonRecord): Reading {
  if (!isResource(report, "report")) return invalid("data: holds no report of HackerOne");
  if (textAt(report, "id") === undefined) return invalid("id: is required in a report of HackerOne");
  return fitAlert(draftOf(report, sent, fieldAt(sent, "data.activity")));
}

function readHackerone(sent: unknown): Reading[] {
  if (!isRecord(sent)) return [invalid("hackerone: must be an object")];
  const deep = findOddity(sent, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  const reports = reportsIn(sent);
  return reports.length === 0
    ? [invalid("data: holds no report of HackerOne")]
    : reports.map((one) => readReport(one, sent));
}

function isReport(value: unknown): boolean {
  if (!isResource(value, "report")) return false;
  return [...openStates, ...closedStates].includes(attribute(value, "state") ?? "");
}

/**
 * HackerOne's reports, from webhooks and from its API. Identity: the report, whose every activity is one more sign
 * of life of it. Resolved: every state in which a report is closed. Hints: nativeSeverity (the rating), instanceKey and
 * heartbeatKey (the report).
 */
export const hackerone: Adapter = {
  format: "hackerone",
  recognises: (sent) => {
    // A CloudEvent that carries a report has its own adapter.
    if (!isRecord(sent) || sent.specversion !== undefined) return false;
    const reports = reportsIn(sent);
    return reports.length > 0 && reports.every(isReport);
  },
  read: readHackerone,
};
