import type { EntityRole, EntityType } from "../../shared/alert.ts";
import { asList } from "./as-list.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, isPrivateIp, saysNothing } from "./ip-address.ts";
import { fieldAt, firstText, isRecord, type JsonRecord } from "./text-field.ts";

type Read = (
  thing: JsonRecord,
) => (readonly [type: EntityType, value: string | undefined, role?: EntityRole])[];

/** Sentinel writes `HostName` in tables and `hostName` in its API; the names are the same but for their first letter. */
function named(thing: JsonRecord, ...names: string[]): string | undefined {
  return firstText(
    thing,
    names.flatMap((name) => [name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`]),
  );
}

function hostName(thing: JsonRecord): string | undefined {
  const host = named(thing, "hostName", "netBiosName", "dnsDomain");
  const domain = named(thing, "dnsDomain");
  return host && domain && host !== domain && !host.includes(".") ? `${host}.${domain}` : host;
}

function userName(thing: JsonRecord): string | undefined {
  return named(thing, "userPrincipalName", "accountName", "name", "displayName", "aadUserId", "sid");
}

/** By Sentinel's kind of entity, in lower case and without `azure`, `ms` and the like. */
const kinds = new Map<string, Read>([
  ["host", (thing) => [["host", hostName(thing)]]],
  ["account", (thing) => [["user", userName(thing)]]],
  ["ip", (thing) => [["ip", named(thing, "address")]]],
  ["url", (thing) => [["url", named(thing, "url"), "actor"]]],
  ["dns", (thing) => [["domain", named(thing, "domainName"), "actor"]]],
  ["dnsresolution", (thing) => [["domain", named(thing, "domainName"), "actor"]]],
  ["filehash", (thing) => [["hash", named(thing, "hashValue", "value")]]],
  ["file", (thing) => [["file", pathOf(named(thing, "directory"), named(thing, "fileName", "name"))]]],
  ["process", (thing) => [["process", named(thing, "commandLine", "processId"), "actor"]]],
  ["mailbox", (thing) => [["email", named(thing, "mailboxPrimaryAddress")]]],
  [
    "mailmessage",
    (thing) => [
      ["email", named(thing, "sender", "p1Sender"), "actor"],
      ["email", named(thing, "recipient")],
    ],
  ],
  ["container", (thing) => [["container", named(thing, "containerId", "name")]]],
  ["azureresource", (thing) => [["account", subscriptionIn(named(thing, "resourceId"))]]],
]);

export function pathOf(folder: string | undefined, name: string | undefined): string | undefined {
  if (!folder || !name) return name;
  const separator = folder.includes("\\") ? "\\" : "/";
  return `${folder.replace(/[\\/]$/, "")}${separator}${name}`;
}

/** `/subscriptions/{id}/resourceGroups/…`, the account that the policy may know. */
export function subscriptionIn(resource: string | undefined): string | undefined {
  return /\/subscriptions\/([\w-]{1,64})/i.exec(resource ?? "")?.[1];
}

function entitiesOf(kind: string, thing: JsonRecord): RoledEntity[] {
  const found = kinds.get(kind.toLowerCase().replace(/[^a-z]/g, ""))?.(thing) ?? [];
  return found.flatMap(([type, value, role]): RoledEntity[] => {
    if (type !== "ip") return [{ type, value, role: role ?? "target" }];
    const ip = value && endpointOf(value.trim())?.ip;
    if (!ip || saysNothing(ip)) return [];
    return [{ type, value: ip, role: isPrivateIp(ip) ? "target" : "actor" }];
  });
}

/** `Entities` of an alert (`Type`) and `relatedEntities` of an incident (`kind`, the rest in `properties`). */
export function sentinelEntities(entities: unknown): RoledEntity[] {
  return asList(entities).flatMap((entity) => {
    const kind = firstText(entity, ["kind", "Type", "type"]) ?? "";
    const properties = fieldAt(entity, "properties");
    if (isRecord(properties)) return entitiesOf(kind, properties);
    return isRecord(entity) ? entitiesOf(kind, entity) : [];
  });
}
