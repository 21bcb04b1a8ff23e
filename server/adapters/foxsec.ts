import { environmentIn } from "./environment-label.ts";
import { type AlertDraft, isWebAddress, type RoledEntity } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { endpointOf, saysNothing } from "./ip-address.ts";
import { isoTime } from "./native-time.ts";
import { severityOfWord } from "./severity-scale.ts";
import { asText, isRecord, type JsonRecord, textAt } from "./text-field.ts";

const severityWords = ["info", "warn", "critical"];

type Metadata = ReadonlyMap<string, string>;

/** `[{key, value}]`; the pipeline itself takes the first of two with one key. */
function metadataOf(record: JsonRecord): Metadata {
  const found = new Map<string, string>();
  for (const item of Array.isArray(record.metadata) ? record.metadata : []) {
    const [key, value] = [textAt(item, "key"), textAt(item, "value")];
    if (key !== undefined && value !== undefined && !found.has(key)) found.set(key, value);
  }
  return found;
}

function firstOf(metadata: Metadata, names: readonly string[]): string | undefined {
  return names.map((name) => metadata.get(name)).find((text) => text !== undefined);
}

function ruleOf(record: JsonRecord, metadata: Metadata): string {
  const category = textAt(record, "category") ?? "alert";
  const detail = firstOf(metadata, ["finding_type", "rule_name", "category", "customs_category"]);
  return detail === undefined ? category : `${category}/${detail}`;
}

const accountNames = ["aws_account_id", "project_id"];
const personNames = ["username", "identity_key", "email", "uid"];

/**
 * Identity: category and finding, and who, on what, in which account and from where. Where the pipeline gives a key
 * to merge by, that stands for the addresses, which it merges; people stay apart all the same. The id is new each time.
 */
function identityOf(rule: string, metadata: Metadata): string {
  const person = firstOf(metadata, personNames);
  const account = firstOf(metadata, accountNames);
  const merge = metadata.get("notify_merge");
  if (merge !== undefined) return identityKey(["foxsec", rule, "merge", merge, person, account]);
  return identityKey([
    "foxsec",
    rule,
    person,
    firstOf(metadata, ["object", "resource", "monitored_resource"]),
    account,
    metadata.get("sourceaddress"),
  ]);
}

function entitiesOf(metadata: Metadata): RoledEntity[] {
  const addresses = [metadata.get("sourceaddress"), ...(metadata.get("sourceaddresses") ?? "").split(",")];
  const ips = addresses.map((text) => endpointOf(text?.trim() ?? "")?.ip);
  const emails = (metadata.get("email") ?? "").split(",");
  return [
    { type: "user", value: metadata.get("username"), role: "target" },
    ...emails.map((value): RoledEntity => ({ type: "email", value, role: "target" })),
    ...ips.map(
      (ip): RoledEntity => ({ type: "ip", value: ip && !saysNothing(ip) ? ip : undefined, role: "actor" }),
    ),
    ...accountNames.map(
      (name): RoledEntity => ({ type: "account", value: metadata.get(name), role: "target" }),
    ),
  ];
}

/** An alert of Mozilla's foxsec-pipeline. Severity: info, warn (medium), critical. Hints: nativeSeverity, runbookUrl. */
export function foxsecDraft(record: JsonRecord, title: string): AlertDraft {
  const metadata = metadataOf(record);
  const native = textAt(record, "severity");
  const rule = ruleOf(record, metadata);
  const runbook = metadata.get("doc_link");
  return {
    source: "foxsec",
    rule,
    title,
    severity: severityOfWord(native ?? "") ?? "medium",
    environment: environmentIn(Object.fromEntries(metadata)),
    service: metadata.get("monitored_resource"),
    occurredAt: isoTime(record.timestamp),
    dedupKey: identityOf(rule, metadata),
    entities: entitiesOf(metadata),
    techniques: (metadata.get("technique") ?? "").split(","),
    labels: metadata,
    description: [metadata.get("description"), textAt(record, "payload")].filter(Boolean).join("\n"),
    links: [
      { href: metadata.get("url_to_finding"), text: "Finding" },
      { href: runbook, text: "Runbook" },
    ],
    hints: { nativeSeverity: native, runbookUrl: isWebAddress(runbook) ? runbook : undefined },
  };
}

export function isFoxsecAlert(record: unknown): boolean {
  if (!isRecord(record) || !["id", "category", "summary"].every((name) => asText(record[name]))) return false;
  if (!severityWords.includes(textAt(record, "severity") ?? "") || isoTime(record.timestamp) === undefined)
    return false;
  const { metadata, payload } = record;
  if (!Array.isArray(metadata)) return metadata === undefined && typeof payload === "string";
  return metadata.every((item) => isRecord(item) && typeof item.key === "string");
}
