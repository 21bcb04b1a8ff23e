import type { EntityRole } from "../../shared/alert.ts";
import type { Adapter, Reading } from "./adapter.ts";
import { type AlertDraft, fitAlert, invalid, type RoledEntity } from "./fit-alert.ts";
import { type Endpoint, isIp, saysNothing } from "./ip-address.ts";
import { epochTime, isoTime } from "./native-time.ts";
import { type SuricataAlert, suricataDraft } from "./suricata-alert.ts";
import { fieldAt, firstText, isRecord, textAt, textsAt } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

function endpointAt(record: unknown, ip: string, port: string): Endpoint | undefined {
  const address = textAt(record, ip);
  if (address === undefined || !isIp(address)) return undefined;
  const number = Number(textAt(record, port));
  return Number.isInteger(number) && number > 0 ? { ip: address, port: number } : { ip: address };
}

function alertOf(record: unknown): SuricataAlert | undefined {
  const signatureId = textAt(record, "alert.signature_id");
  if (signatureId === undefined) return undefined;
  const priority = Number(textAt(record, "alert.severity") ?? Number.NaN);
  return {
    gid: textAt(record, "alert.gid") ?? "1",
    signatureId,
    signature: textAt(record, "alert.signature") ?? `Signature ${signatureId}`,
    category: textAt(record, "alert.category"),
    priority: Number.isNaN(priority) ? undefined : priority,
    protocol: textAt(record, "proto"),
    source: endpointAt(record, "src_ip", "src_port"),
    destination: endpointAt(record, "dest_ip", "dest_port"),
  };
}

/** Newer rules say which end attacks and which is attacked; that counts for more than who sent the packet. */
function ends(record: unknown): RoledEntity[] | undefined {
  const named = (path: string, role: EntityRole): RoledEntity => ({
    type: "ip",
    value: textAt(record, path),
    role,
  });
  const stated = [named("alert.source.ip", "actor"), named("alert.target.ip", "target")];
  return stated.every(({ value }) => value && isIp(value) && !saysNothing(value)) ? stated : undefined;
}

function serverRole({ source, destination }: SuricataAlert): EntityRole {
  return (source?.port ?? 65_535) < (destination?.port ?? 0) ? "actor" : "target";
}

function webAddress(record: unknown): string | undefined {
  const path = textAt(record, "http.url");
  if (path === undefined || /^https?:\/\//i.test(path)) return path;
  const host = textAt(record, "http.hostname");
  return host && path.startsWith("/") && path !== "/libhtp::request_uri_not_seen"
    ? `http://${host}${path}`
    : undefined;
}

function applicationEntities(record: unknown, role: EntityRole): RoledEntity[] {
  const names = [
    ...textsAt(record, "http.hostname"),
    ...textsAt(record, "tls.sni"),
    ...textsAt(record, "dns.rrname"),
  ];
  const files = fieldAt(record, "files");
  const hashes = Array.isArray(files) ? files.map((file) => firstText(file, ["sha256", "sha1", "md5"])) : [];
  return [
    ...names.map((value) => ({ type: isIp(value) ? "ip" : "domain", value, role }) satisfies RoledEntity),
    { type: "url", value: webAddress(record), role },
    ...hashes.slice(0, 8).map((value) => ({ type: "hash", value, role: "actor" }) satisfies RoledEntity),
  ];
}

function details(record: unknown): string[] {
  const request = [textAt(record, "http.http_method"), webAddress(record), textAt(record, "http.status")];
  const agent = textAt(record, "http.http_user_agent");
  return [request.filter(Boolean).join(" "), agent ? `User agent: ${agent}` : ""].filter(Boolean);
}

/** The draft of an EVE alert record, also of one that came inside another record; undefined when it is not one. */
export function eveDraft(record: unknown): (AlertDraft & { entities: RoledEntity[] }) | undefined {
  const event = alertOf(record);
  if (!event) return undefined;
  const draft = suricataDraft(event);
  const sensor: RoledEntity = { type: "host", value: textAt(record, "host"), role: "observer" };
  const labels = [
    "proto",
    "app_proto",
    "alert.action",
    "alert.category",
    "alert.rev",
    "in_iface",
    "community_id",
  ];
  return {
    ...draft,
    occurredAt: isoTime(fieldAt(record, "timestamp")) ?? epochTime(fieldAt(record, "timestamp")),
    entities: [
      ...(ends(record) ?? draft.entities),
      ...applicationEntities(record, serverRole(event)),
      sensor,
    ],
    techniques: textsAt(record, "alert.metadata.mitre_technique_id"),
    labels: labels.map((path) => [path.replace("alert.", ""), textAt(record, path)] as const),
    description: [draft.description, ...details(record)].join("\n"),
  };
}

function readEve(record: unknown): Reading {
  if (!isRecord(record)) return invalid("suricata: must be an object");
  const type = textAt(record, "event_type");
  if (type !== undefined && type !== "alert")
    return invalid("event_type: only records of type alert are taken");
  const deep = findOddity(record, true);
  if (deep) return { reject: { code: deep.code, message: sayOddity(deep) } };
  const draft = eveDraft(record);
  return draft ? fitAlert(draft) : invalid("alert.signature_id: is required in a Suricata EVE alert");
}

/** Suricata EVE alerts. Identity: see `suricataIdentity`. Hints: nativeSeverity. */
export const suricata: Adapter = {
  format: "suricata",
  recognises: (record) =>
    isRecord(record) &&
    typeof record.event_type === "string" &&
    (record.flow_id !== undefined || typeof record.src_ip === "string"),
  read: (record) => [readEve(record)],
};
