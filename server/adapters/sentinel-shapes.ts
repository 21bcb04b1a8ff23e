import { asList } from "./as-list.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { jsonIn } from "./json-text.ts";
import { sentinelEntities, subscriptionIn } from "./sentinel-entities.ts";
import { asText, fieldAt, firstText, isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";

/** What the shapes have in common, as they write it. */
export interface MicrosoftAlert {
  /** Of this alert or incident; Microsoft keeps it through all updates. */
  id: string | undefined;
  /** Analytic rules or detectors; none where the product does not tell. */
  rules: string[];
  title: string | undefined;
  severity: string | undefined;
  status: string | undefined;
  workspace: string | undefined;
  product: string | undefined;
  /** The one thing the product calls the victim. */
  victim: string | undefined;
  entities: RoledEntity[];
  techniques: string[];
  tags: string[];
  description: string | undefined;
  times: unknown[];
  links: { href: string | undefined; text: string }[];
  /** Alerts joined so far, in an incident. */
  joined?: string | undefined;
}

/** Columns of the tables hold lists and objects as JSON in a text. */
function unpacked(value: unknown): unknown {
  return typeof value === "string" ? jsonIn(value) : value;
}

function wordsIn(value: unknown): string[] {
  const list = unpacked(value);
  if (Array.isArray(list)) return list.flatMap((one) => asText(one) ?? []);
  return (asText(list) ?? "").split(/[,;]/).flatMap((word) => word.trim() || []);
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** An incident of Sentinel, as its API and its Logic App trigger (in `object`) give it. */
export function incidentIn(sent: unknown): JsonRecord | undefined {
  const incident = [sent, fieldAt(sent, "object")].find((one) =>
    /SecurityInsights\/incidents$/i.test(textAt(one, "type") ?? ""),
  );
  return isRecord(incident) && isRecord(incident.properties) ? incident : undefined;
}

export function readIncident(incident: JsonRecord, sent: JsonRecord): MicrosoftAlert {
  const all = incident.properties;
  const text = (name: string) => textAt(all, name);
  const id = textAt(incident, "id") ?? "";
  return {
    id: textAt(incident, "name") ?? text("incidentNumber"),
    rules: textsAt(all, "relatedAnalyticRuleIds").map(lastSegment).sort(),
    title: text("title"),
    severity: text("severity"),
    status: text("status"),
    workspace: textAt(sent, "workspaceInfo.WorkspaceName") ?? /\/workspaces\/([^/]+)/i.exec(id)?.[1],
    product: textsAt(all, "additionalData.alertProductNames")[0] ?? text("providerName"),
    victim: undefined,
    entities: [
      ...sentinelEntities(fieldAt(all, "relatedEntities")),
      {
        type: "account",
        value: textAt(sent, "workspaceInfo.SubscriptionId") ?? subscriptionIn(id),
        role: "target",
      },
    ],
    techniques: wordsIn(fieldAt(all, "additionalData.techniques")),
    tags: asList(fieldAt(all, "labels")).flatMap(
      (label) => textAt(label, "labelName") ?? asText(label) ?? [],
    ),
    description: text("description"),
    times: [
      fieldAt(all, "lastActivityTimeUtc"),
      fieldAt(all, "firstActivityTimeUtc"),
      fieldAt(all, "createdTimeUtc"),
    ],
    links: [{ href: text("incidentUrl"), text: "Incident" }],
    joined: textAt(all, "additionalData.alertsCount"),
  };
}

/** A row of the table SecurityAlert, or the same in the API (`kind: SecurityAlert`) and in older triggers. */
export function securityAlertIn(sent: unknown): JsonRecord | undefined {
  if (!isRecord(sent)) return undefined;
  if (sent.SystemAlertId !== undefined && isNamed(sent, ["AlertName", "DisplayName", "AlertDisplayName"]))
    return sent;
  const { properties } = sent;
  if (!isRecord(properties) || properties.systemAlertId === undefined) return undefined;
  return isNamed(properties, ["alertDisplayName"]) ? properties : undefined;
}

function isNamed(record: JsonRecord, names: readonly string[]): boolean {
  return firstText(record, names) !== undefined;
}

export function readSecurityAlert(all: JsonRecord): MicrosoftAlert {
  const text = (...names: string[]) =>
    firstText(
      all,
      names.flatMap((name) => [name, `${name.charAt(0).toLowerCase()}${name.slice(1)}`]),
    );
  const extended = unpacked(all.ExtendedProperties ?? all.extendedProperties ?? all.additionalData);
  const ruleIds = isRecord(extended) ? wordsIn(extended["Analytic Rule Ids"]) : [];
  const resource = text("ResourceId");
  const subscription = text("WorkspaceSubscriptionId") ?? subscriptionIn(resource);
  return {
    id: text("SystemAlertId"),
    rules: ruleIds.length > 0 ? ruleIds.sort() : [text("AlertType") ?? []].flat(),
    title: text("AlertName", "AlertDisplayName", "DisplayName"),
    severity: text("AlertSeverity", "Severity"),
    status: text("Status"),
    workspace: text("WorkspaceId", "TenantId"),
    product: text("ProductName", "ProviderName"),
    victim: text("CompromisedEntity"),
    entities: [
      ...sentinelEntities(unpacked(all.Entities ?? all.entities)),
      { type: "account", value: subscription, role: "target" },
    ],
    techniques: wordsIn(all.Techniques ?? all.techniques),
    tags: wordsIn(all.Tactics ?? all.tactics),
    description: text("Description"),
    times: [text("EndTime", "EndTimeUtc"), text("StartTime", "StartTimeUtc"), text("TimeGenerated")],
    links: [{ href: text("AlertLink", "AlertUri"), text: "Alert" }],
  };
}
