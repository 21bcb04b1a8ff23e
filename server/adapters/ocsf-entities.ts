import type { EntityRole, EntityType } from "../../shared/alert.ts";
import { asList } from "./as-list.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, isPrivateIp, saysNothing } from "./ip-address.ts";
import { fieldAt, textAt, textsAt } from "./text-field.ts";

type Place = readonly [path: string, type: EntityType, role: EntityRole];

/** The objects of a finding and of each of its evidences; who acted is `actor`, what it was done to the rest. */
const places: readonly Place[] = [
  ["device.hostname", "host", "target"],
  ["device.name", "host", "target"],
  ["device.ip", "ip", "target"],
  ["src_endpoint.ip", "ip", "actor"],
  ["src_endpoint.hostname", "host", "actor"],
  ["dst_endpoint.ip", "ip", "target"],
  ["dst_endpoint.hostname", "host", "target"],
  ["actor.user.name", "user", "actor"],
  ["actor.process.name", "process", "actor"],
  ["user.name", "user", "target"],
  ["user.email_addr", "email", "target"],
  ["process.file.path", "process", "actor"],
  ["process.name", "process", "actor"],
  ["file.path", "file", "target"],
  ["url.url_string", "url", "actor"],
  ["query.hostname", "domain", "actor"],
  ["email.from", "email", "actor"],
  ["email.to", "email", "target"],
  ["container.uid", "container", "target"],
  ["container.name", "container", "target"],
  ["cloud.account.uid", "account", "target"],
];

/** `observables[].type_id`: what the value is, without saying which side it was on. */
const observed = new Map<string, EntityType>([
  ["1", "host"],
  ["2", "ip"],
  ["4", "user"],
  ["5", "email"],
  ["6", "url"],
  ["7", "file"],
  ["8", "hash"],
  ["9", "process"],
  ["45", "file"],
]);

const resourceTypes: readonly [RegExp, EntityType][] = [
  [/account|subscription|project/i, "account"],
  [/container|pod\b/i, "container"],
  [/user|principal|accesskey|identity/i, "user"],
  [/instance|host|machine|server|device/i, "host"],
];

function entityOf(type: EntityType, text: string, role: EntityRole): RoledEntity[] {
  if (type !== "ip") return [{ type, value: text, role }];
  const ip = endpointOf(text.trim())?.ip;
  return ip && !saysNothing(ip) ? [{ type, value: ip, role }] : [];
}

function within(holder: unknown): RoledEntity[] {
  const named = places.flatMap(([path, type, role]) =>
    textsAt(holder, path).flatMap((text) => entityOf(type, text, role)),
  );
  const hashes = ["file.hashes", "process.file.hashes"].flatMap((path) => asList(fieldAt(holder, path)));
  return [...named, ...hashes.flatMap((hash) => entityOf("hash", textAt(hash, "value") ?? "", "target"))];
}

function ofResource(resource: unknown): RoledEntity[] {
  const kind = textAt(resource, "type") ?? "";
  const type = resourceTypes.find(([pattern]) => pattern.test(kind))?.[1];
  const value = textAt(resource, "name") ?? textAt(resource, "uid");
  return type && value ? [{ type, value, role: "target" }] : [];
}

/** An address that is not one's own, and every web address and mail address, is taken as the other side's. */
function ofObservable(observable: unknown): RoledEntity[] {
  const type = observed.get(textAt(observable, "type_id") ?? "");
  const value = textAt(observable, "value");
  if (!type || !value) return [];
  const isOther = type === "url" || (type === "ip" && !isPrivateIp(value.trim()));
  return entityOf(type, value, isOther ? "actor" : "target");
}

export function ocsfEntities(finding: unknown): RoledEntity[] {
  return [
    ...asList(fieldAt(finding, "resources")).flatMap(ofResource),
    ...within(finding),
    ...asList(fieldAt(finding, "evidences")).flatMap(within),
    ...asList(fieldAt(finding, "observables")).flatMap(ofObservable),
  ];
}
