import type { EntityRole } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { type AlertDraft, fitAlert, invalid, type RoledEntity } from "./fit-alert.ts";
import { type Endpoint, isIp, saysNothing } from "./ip-address.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { type SuricataAlert, suricataDraft } from "./suricata-alert.ts";
import { asText, firstText, isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

const namePaths = ["http.hostname", "tls.sni", "dns.rrname"];
const labelPaths = [
  ["proto", "proto"],
  ["app_proto", "app_proto"],
  ["action", "alert.action"],
  ["category", "alert.category"],
  ["rev", "alert.rev"],
  ["in_iface", "in_iface"],
  ["community_id", "community_id"],
] as const;

function endpointAt(record: JsonRecord, ip: string, port: string): Endpoint | undefined {
  const address = asText(record[ip]);
  if (address === undefined || !isIp(address)) return undefined;
  const number = Number(asText(record[port]));
  return Number.isInteger(number) && number > 0 ? { ip: address, port: number } : { ip: address };
}

function alertOf(record: JsonRecord): SuricataAlert | undefined {
  const alert = isRecord(record.alert) ? record.alert : {};
  const signatureId = asText(alert.signature_id);
  if (signatureId === undefined) return undefined;
  const priority = Number(asText(alert.severity) ?? Number.NaN);
  return {
    gid: asText(alert.gid) ?? "1",
    signatureId,
    signature: asText(alert.signature) ?? `Signature ${signatureId}`,
    category: asText(alert.category),
    priority: Number.isNaN(priority) ? undefined : priority,
    protocol: asText(record.proto),
    source: endpointAt(record, "src_ip", "src_port"),
    destination: endpointAt(record, "dest_ip", "dest_port"),
  };
}

/** Newer rules say which end attacks and which is attacked; that counts for more than who sent the packet. */
function ends(record: JsonRecord): RoledEntity[] | undefined {
  const actor = textAt(record, "alert.source.ip");
  const target = textAt(record, "alert.target.ip");
  if (actor === undefined || target === undefined) return undefined;
  if (![actor, target].every((ip) => isIp(ip) && !saysNothing(ip))) return undefined;
  return [
    { type: "ip", value: actor, role: "actor" },
    { type: "ip", value: target, role: "target" },
  ];
}

function serverRole({ source, destination }: SuricataAlert): EntityRole {
  return (source?.port ?? 65_535) < (destination?.port ?? 0) ? "actor" : "target";
}

function webAddress(http: JsonRecord): string | undefined {
  const path = asText(http.url);
  if (path === undefined || /^https?:\/\//i.test(path)) return path;
  const host = asText(http.hostname);
  return host && path.startsWith("/") && path !== "/libhtp::request_uri_not_seen"
    ? `http://${host}${path}`
    : undefined;
}

/** What the protocol inside the connection named; most alerts are of none. */
function applicationEntities(record: JsonRecord, role: EntityRole): RoledEntity[] {
  const entities: RoledEntity[] = [];
  for (const path of namePaths) {
    for (const value of textsAt(record, path)) {
      entities.push({ type: isIp(value) ? "ip" : "domain", value, role });
    }
  }
  if (isRecord(record.http)) entities.push({ type: "url", value: webAddress(record.http), role });
  for (const file of Array.isArray(record.files) ? record.files.slice(0, 8) : []) {
    entities.push({ type: "hash", value: firstText(file, ["sha256", "sha1", "md5"]), role: "actor" });
  }
  return entities;
}

function details({ http }: JsonRecord): string[] {
  if (!isRecord(http)) return [];
  const request = [asText(http.http_method), webAddress(http), asText(http.status)];
  const agent = asText(http.http_user_agent);
  return [request.filter(Boolean).join(" "), agent ? `User agent: ${agent}` : ""].filter(Boolean);
}

function labelsOf(record: JsonRecord): AlertDraft["labels"] {
  return labelPaths.map(([name, path]) => [name, textAt(record, path)] as const);
}

/** The draft of an EVE alert record, also of one that came inside another record; undefined when it is not one. */
export function eveDraft(record: unknown): (AlertDraft & { entities: RoledEntity[] }) | undefined {
  if (!isRecord(record)) return undefined;
  const event = alertOf(record);
  if (!event) return undefined;
  const draft = suricataDraft(event);
  const entities = ends(record) ?? draft.entities;
  entities.push(...applicationEntities(record, serverRole(event)));
  entities.push({ type: "host", value: asText(record.host), role: "observer" });
  draft.occurredAt = isoTime(record.timestamp) ?? epochTime(record.timestamp);
  draft.entities = entities;
  draft.techniques = textsAt(record, "alert.metadata.mitre_technique_id");
  draft.labels = labelsOf(record) ?? [];
  draft.description = [draft.description, ...details(record)].join("\n");
  return draft;
}

function readEve(record: unknown, textIsClean: boolean): Reading {
  if (!isRecord(record)) return invalid("suricata: must be an object");
  const type = asText(record.event_type);
  if (type !== undefined && type !== "alert")
    return invalid("event_type: only records of type alert are taken");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const draft = eveDraft(record);
  return draft
    ? fitAlert(draft, textIsClean)
    : invalid("alert.signature_id: is required in a Suricata EVE alert");
}

/** Suricata EVE alerts. Identity: see `suricataIdentity`. Hints: nativeSeverity. */
export const suricata: Adapter = {
  format: "suricata",
  recognises: (record) =>
    isRecord(record) &&
    typeof record.event_type === "string" &&
    (record.flow_id !== undefined || typeof record.src_ip === "string"),
  read: (record, textIsClean = false) => [readEve(record, textIsClean)],
};
