import type { RoledEntity } from "./fit-alert.ts";
import { auditEntities, auditEvent, auditLabels, auditTechniques } from "./gcp-audit.ts";
import { namedResource } from "./gcp-project.ts";
import { fieldAt, firstText, type JsonRecord, textAt, textEntries, textsAt } from "./text-field.ts";

/** What a log entry's payload says happened. */
export interface LoggedEvent {
  rule: string;
  title: string;
  description?: string | undefined;
  /** What tells it from other events of the same log. */
  identity: (string | undefined)[];
  entities: RoledEntity[];
  techniques: string[];
  labels: [string, string | undefined][];
}

/** Names that change with every rollout while the application stays the same. */
const passingLabels = ["pod_name", "revision_name", "version_id", "execution_name", "instance_id"];

function outcomeWord(status: string | undefined): string {
  if (status === undefined) return "";
  return status === "7" ? " denied" : " failed";
}

function audited(entry: JsonRecord): LoggedEvent | undefined {
  const event = auditEvent(entry);
  if (!event) return undefined;
  const { method, principal, resource, status } = event;
  const caller = principal ?? textAt(event.payload, "requestMetadata.callerIp");
  const isDenied = status === "7";
  return {
    rule: method,
    title: `${method}${outcomeWord(status)}${resource ? ` on ${resource}` : ""}${caller ? ` by ${caller}` : ""}`,
    description: textAt(event.payload, "status.message"),
    identity: ["audit", event.service, method, caller, isDenied ? undefined : resource, status],
    entities: auditEntities(event),
    techniques: auditTechniques(event),
    labels: auditLabels(event),
  };
}

/** A finding that Event Threat Detection wrote into the log. */
function detected(entry: JsonRecord): LoggedEvent | undefined {
  const payload = entry.jsonPayload;
  const name = textAt(payload, "detectionCategory.ruleName");
  if (name === undefined) return undefined;
  const sub = textAt(payload, "detectionCategory.subRuleName");
  const principal = textAt(payload, "properties.principalEmail");
  const affected = fieldAt(payload, "affectedResources");
  const resources = (Array.isArray(affected) ? affected : []).map((one) => textAt(one, "gcpResourceName"));
  const outsiders = textsAt(payload, "properties.externalMembers");
  const rule = sub ? `${name}/${sub}` : name;
  return {
    rule,
    title: `${rule.replaceAll("_", " ")}${principal ? ` by ${principal}` : ""}`,
    identity: ["detection", rule, principal, ...resources],
    entities: [
      { type: "user", value: principal, role: "actor" },
      ...outsiders.map(
        (member): RoledEntity => ({ type: "user", value: member.replace(/^\w+:/, ""), role: "actor" }),
      ),
      ...resources.flatMap(namedResource),
    ],
    techniques: [],
    labels: [
      ["tactic", textAt(payload, "detectionCategory.technique")],
      ["detection_priority", textAt(payload, "detectionPriority")],
      ["resource_name", resources[0]],
    ],
  };
}

/** The program of a syslog line, `sshd` of `Nov 23 12:00:00 web-1 sshd[912]: …`. */
function programOf(text: string | undefined): string | undefined {
  const line = text?.slice(0, 256) ?? "";
  return /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ ([\w./-]{1,64})(?:\[\d+\])?: /.exec(line)?.[1];
}

/** The place in the logs' own words, without what a rollout changes; a virtual machine is its number. */
function placeIdentity(entry: JsonRecord): string[] {
  const type = textAt(entry, "resource.type") ?? "";
  const labels = textEntries(fieldAt(entry, "resource.labels")).filter(
    ([name]) => type === "gce_instance" || !passingLabels.includes(name),
  );
  return [type, ...labels.sort(([one], [other]) => (one < other ? -1 : 1)).flat()];
}

function statedEvent(entry: JsonRecord): string | undefined {
  return firstText(entry, [
    "jsonPayload.event",
    "jsonPayload.eventName",
    "jsonPayload.event_type",
    "jsonPayload.rule",
    "jsonPayload.type",
    "jsonPayload.Type",
  ]);
}

/**
 * Any other entry. Its text is not part of the identity: what tells it apart is the log, the place, the severity,
 * the program or the event it names, and the line of code where it was written.
 */
function logged(entry: JsonRecord, log: string): LoggedEvent {
  const message = firstText(entry, ["textPayload", "jsonPayload.message", "jsonPayload.msg"]);
  const program = programOf(message) ?? statedEvent(entry);
  const request = ["requestMethod", "requestUrl", "status"].map((name) =>
    textAt(entry, `httpRequest.${name}`),
  );
  const asked = request.filter(Boolean).join(" ");
  const code = ["file", "line", "function"].map((name) => textAt(entry, `sourceLocation.${name}`));
  return {
    rule: program ? `${log}/${program}` : log,
    title: message?.split("\n", 1)[0]?.trim() || asked || `Entry of the log ${log}`,
    description: [message, asked].filter(Boolean).join("\n"),
    identity: ["entry", ...placeIdentity(entry), textAt(entry, "severity"), program, request[2], ...code],
    entities: [],
    techniques: [],
    labels: [["user_agent", textAt(entry, "httpRequest.userAgent")]],
  };
}

export function loggedEvent(entry: JsonRecord, log: string): LoggedEvent {
  return audited(entry) ?? detected(entry) ?? logged(entry, log);
}
