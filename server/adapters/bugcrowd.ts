import type { Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { asList, fewRecords } from "./as-list.ts";
import { scopeEntity } from "./bounty-scope.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { isResource, relatedTo } from "./json-api.ts";
import { isoTime } from "./native-time.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** P1 is the worst; the API says it as a number, exports as `P1`. */
const priorities = new Map<string, Severity>([
  ["1", "critical"],
  ["2", "high"],
  ["3", "medium"],
  ["4", "low"],
  ["5", "info"],
]);

const openStates = ["new", "triaged", "unresolved"];
const closedStates = [
  "resolved",
  "informational",
  "wont-fix",
  "not-applicable",
  "not-reproducible",
  "out-of-scope",
  "duplicate",
];

function attribute(resource: unknown, name: string): string | undefined {
  return textAt(fieldAt(resource, "attributes"), name);
}

function stateOf(submission: JsonRecord): string {
  const state = firstText(submission.attributes, ["state", "substate"]) ?? "";
  return state.toLowerCase().replaceAll("_", "-");
}

function isOver(submission: JsonRecord): boolean {
  return fieldAt(submission, "attributes.duplicate") === true || closedStates.includes(stateOf(submission));
}

function linkOf(id: string, program: string | undefined): string | undefined {
  const isPlain = /^[\w-]{1,128}$/.test(id) && /^[\w-]{1,128}$/.test(program ?? "");
  return isPlain ? `https://tracker.bugcrowd.com/${program}/submissions/${id}` : undefined;
}

function draftOf(submission: JsonRecord, id: string, document: unknown): AlertDraft {
  const program = relatedTo(submission, "program", document);
  const code = attribute(program, "code");
  const target = attribute(relatedTo(submission, "target", document), "name");
  const priority = firstText(submission.attributes, ["severity", "priority"])?.replace(/^P/i, "");
  const place = attribute(submission, "bug_url");
  const eventAt = isoTime(attribute(fieldAt(document, "data"), "created_at"));
  const identity = identityKey(["bugcrowd", id]);
  return {
    source: "bugcrowd",
    rule: attribute(submission, "vrt_id") ?? "submission",
    title: attribute(submission, "title") ?? `Submission ${id}`,
    severity: priorities.get(priority ?? "") ?? "medium",
    occurredAt: eventAt ?? isoTime(attribute(submission, "submitted_at")),
    status: isOver(submission) ? "resolved" : "firing",
    dedupKey: identity,
    entities: [
      ...scopeEntity(place),
      ...scopeEntity(target),
      { type: "account", value: code ?? attribute(program, "name"), role: "target" },
      {
        type: "user",
        value: attribute(relatedTo(submission, "researcher", document), "username"),
        role: "observer",
      },
    ],
    labels: [
      ["state", stateOf(submission)],
      ["program", attribute(program, "name") ?? code],
      ["target", target],
      ["event", attribute(fieldAt(document, "data"), "key")],
    ],
    description: firstText(submission.attributes, ["description", "extra_info", "remediation_advice"]),
    links: [{ href: linkOf(id, code), text: "Submission" }],
    hints: { nativeSeverity: priority && `P${priority}`, instanceKey: id, heartbeatKey: identity },
  };
}

function isSubmission(value: unknown): boolean {
  if (!isResource(value, "submission")) return false;
  return (
    [...openStates, ...closedStates].includes(stateOf(value)) || attribute(value, "vrt_id") !== undefined
  );
}

/** A webhook's event has the submission in `included`; the API answers one or a list of them in `data`. */
function submissionsIn(sent: JsonRecord): unknown[] {
  if (sent.data === undefined) return [sent];
  if (!isResource(sent.data, "event")) return fewRecords(asList(sent.data));
  return fewRecords(asList(sent.included).filter((one) => isResource(one, "submission")));
}

function readSubmission(submission: unknown, sent: JsonRecord): Reading {
  if (!isResource(submission, "submission")) return invalid("data: holds no submission of Bugcrowd");
  const id = textAt(submission, "id");
  if (id === undefined) return invalid("id: is required in a submission of Bugcrowd");
  return fitAlert(draftOf(submission, id, sent));
}

function readBugcrowd(sent: unknown): Reading[] {
  if (!isRecord(sent)) return [invalid("bugcrowd: must be an object")];
  const deep = findOddity(sent, true);
  if (deep) return [{ reject: { code: deep.code, message: sayOddity(deep) } }];
  const submissions = submissionsIn(sent);
  if (submissions.length === 0) return [invalid("included: holds no submission of Bugcrowd")];
  return submissions.map((one) => readSubmission(one, sent));
}

/**
 * Bugcrowd's submissions, from outgoing webhooks and from its API. Identity: the submission. Resolved: every state in
 * which it is closed, and duplicates. Hints: nativeSeverity (P1 the worst to P5), instanceKey and heartbeatKey (the
 * submission, whose every event is one more sign of life).
 */
export const bugcrowd: Adapter = {
  format: "bugcrowd",
  recognises: (sent) => {
    // A CloudEvent that carries a submission has its own adapter.
    if (!isRecord(sent) || sent.specversion !== undefined) return false;
    const submissions = submissionsIn(sent);
    return submissions.length > 0 && submissions.every(isSubmission);
  },
  read: readBugcrowd,
};
