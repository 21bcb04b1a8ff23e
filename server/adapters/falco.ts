import type { Adapter, Reading } from "./adapter.ts";
import { environmentIn, serviceIn } from "./environment-label.ts";
import { falcoEntities, falcoText, isInContainer, projectField } from "./falco-entities.ts";
import { fieldEntries } from "./field-entries.ts";
import { type AlertDraft, fitAlert, invalid } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { asText, firstText, isRecord, type JsonRecord, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";
import { workloadName } from "./workload-name.ts";

const priorities = /^(?:emergency|alert|critical|error|warning|notice|informational|info|debug)$/i;
/** Sources whose events happen on the machine that Falco watches; plugins read the logs of something else. */
const ownSources = /^(?:syscalls?|internal)$/i;
const clusterNames = ["cluster", "cluster_name", "k8s.cluster.name", "ka.cluster.name"];

/** falcosidekick takes `Rule` for `rule`, as Go does, and hands it on. */
function ruleOf(record: JsonRecord): string | undefined {
  return firstText(record, ["rule", "Rule"]);
}

/** Falco repeats time and priority at the front of the sentence, and its fields behind a bar or in brackets. */
function sentenceOf(output: string | undefined): string | undefined {
  const [sentence] = (output ?? "").replace(/^\S+: [A-Z][a-z]+ /, "").split(/ \| | \(/);
  return asText(sentence);
}

/** Where it happened, without what Kubernetes renames at every start. */
function placeOf(fields: JsonRecord, hostname: string | undefined): (string | undefined)[] {
  if (!isInContainer(fields)) return ["host", hostname];
  const namespace = falcoText(fields, ["k8s.ns.name"]);
  const image = falcoText(fields, ["container.image.repository", "container.image"]);
  const pod = workloadName(falcoText(fields, ["k8s.pod.name"]));
  const container = image ?? pod ?? falcoText(fields, ["container.name", "container.id"]);
  return ["container", namespace, container, namespace === undefined ? hostname : undefined];
}

/** Of what plugins read in the logs of clouds, clusters and services: the action, who, where, on what, its name. */
const loggedSubject: readonly (readonly string[])[] = [
  ["ct.name", "ka.verb", "okta.evt.type", "github.type", "gcp.methodName"],
  ["ct.user.arn", "ct.user", "ka.user.name", "okta.actor.alternateid", "github.user", "gcp.user"],
  [
    "ct.recipientaccountid",
    "ct.user.accountid",
    "ka.target.namespace",
    "okta.org",
    "github.org",
    projectField,
  ],
  ["ka.target.resource", "s3.bucket", "github.repo.name", "github.repo", "okta.target.user.alternateid"],
  ["ka.target.name", "ct.request.name", "ct.request.username", "github.collaborator.name"],
];

/**
 * Identity of system calls: rule, environment and cluster where they are told, namespace, image and process; outside
 * Kubernetes the machine too. Of the logs that plugins read: rule, action, who did it and to what. Container ids,
 * pods, command lines and files never count.
 */
function identityOf(record: JsonRecord, fields: JsonRecord, rule: string, isOfHost: boolean): string {
  const sender = ["falco", rule, environmentIn(fields), falcoText(fields, clusterNames)];
  const hostname = firstText(record, ["hostname"]);
  if (isOfHost)
    return identityKey([...sender, ...placeOf(fields, hostname), falcoText(fields, ["proc.name"])]);
  return identityKey([...sender, ...loggedSubject.map((names) => workloadName(falcoText(fields, names)))]);
}

/** `evt.time` counts nanoseconds and is said by the alert's own time. */
function labelsOf(record: JsonRecord, fields: JsonRecord): (readonly [string, string | undefined])[] {
  return [
    ["falco_source", firstText(record, ["source"])],
    ["tags", textsAt(record, "tags").join(", ")],
    ...fieldEntries(fields).filter(([name]) => !name.startsWith("evt.time")),
  ];
}

function readFalco(record: unknown, textIsClean: boolean): Reading {
  if (!isRecord(record)) return invalid("falco: must be an object");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const rule = ruleOf(record);
  if (rule === undefined) return invalid("rule: is required in a Falco alert");
  const priority = firstText(record, ["priority"]);
  const fields = isRecord(record.output_fields) ? record.output_fields : {};
  const output = firstText(record, ["output"]);
  const title = sentenceOf(output) ?? rule;
  const isOfHost = ownSources.test(firstText(record, ["source"]) ?? "syscall");
  const draft: AlertDraft = {
    source: "falco",
    rule,
    title,
    severity: severityOfWord(priority ?? "") ?? "medium",
    environment: environmentIn(fields),
    service: serviceIn(fields) ?? falcoText(fields, ["k8s.deployment.name"]),
    occurredAt: isoTime(record.time) ?? epochTime(fields["evt.time"]),
    dedupKey: identityOf(record, fields, rule, isOfHost),
    entities: falcoEntities(fields, firstText(record, ["hostname"]), isOfHost),
    techniques: textsAt(record, "tags").map((tag) => tag.replace(/^(T[\d.]+)-.*/, "$1")),
    labels: labelsOf(record, fields),
    description: output === title ? undefined : output,
    hints: { nativeSeverity: priority },
  };
  return fitAlert(draft, textIsClean);
}

function isFalco(record: unknown): boolean {
  if (!isRecord(record) || ruleOf(record) === undefined) return false;
  if (typeof record.priority !== "string" || !priorities.test(record.priority)) return false;
  if (isRecord(record.output_fields)) return true;
  // Falco can be told to leave the fields out.
  return (
    typeof record.output === "string" &&
    isoTime(record.time) !== undefined &&
    asText(record.hostname) !== undefined
  );
}

/**
 * Falco's JSON output (`http_output`, `file_output`) and falcosidekick's webhook, which are one shape; falcosidekick's
 * custom fields stand among the fields. Identity: see `identityOf`. Environment and service: custom fields `env`,
 * `environment`, `service`, `app`; namespace and cluster are labels for the policy. Techniques: tags such as `T1059` and
 * `T1562-impair-defenses`.
 * Hints: nativeSeverity.
 */
export const falco: Adapter = {
  format: "falco",
  recognises: isFalco,
  read: (record, textIsClean = false) => [readFalco(record, textIsClean)],
};
