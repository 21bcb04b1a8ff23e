import type { EntityRole, EntityType } from "../../shared/alert.ts";
import { ecsTexts } from "./elastic-field.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, saysNothing } from "./ip-address.ts";

type Place = readonly [path: string, type: EntityType, role: EntityRole];

/** Indicators and senders are what attacks; the machine, its user and what was found on it are what is attacked. */
const places: readonly Place[] = [
  ["host.name", "host", "target"],
  ["user.name", "user", "target"],
  ["user.target.name", "user", "target"],
  ["source.ip", "ip", "actor"],
  ["client.ip", "ip", "actor"],
  ["source.user.name", "user", "actor"],
  ["destination.ip", "ip", "target"],
  ["server.ip", "ip", "target"],
  ["destination.user.name", "user", "target"],
  ["process.executable", "process", "actor"],
  ["process.name", "process", "actor"],
  ["process.hash.sha256", "hash", "actor"],
  ["file.path", "file", "target"],
  ["file.hash.sha256", "hash", "target"],
  ["file.hash.sha1", "hash", "target"],
  ["file.hash.md5", "hash", "target"],
  ["url.full", "url", "actor"],
  ["url.domain", "domain", "actor"],
  ["dns.question.name", "domain", "actor"],
  ["destination.domain", "domain", "target"],
  ["container.id", "container", "target"],
  ["container.name", "container", "target"],
  ["cloud.account.id", "account", "target"],
  ["email.sender.address", "email", "actor"],
  ["email.from.address", "email", "actor"],
  ["email.to.address", "email", "target"],
  ["threat.indicator.ip", "ip", "actor"],
  ["threat.indicator.url.full", "url", "actor"],
  ["threat.indicator.url.domain", "domain", "actor"],
  ["threat.indicator.file.hash.sha256", "hash", "actor"],
  ["threat.indicator.email.address", "email", "actor"],
  ["host.ip", "ip", "target"],
  ["observer.name", "host", "observer"],
  ["observer.hostname", "host", "observer"],
];

function isTelling(ip: string): boolean {
  return !saysNothing(ip) && !/^fe[89ab][0-9a-f]:/i.test(ip);
}

/** Every entity that a document's ECS fields name; loopback and link-local addresses say nothing. */
export function ecsEntities(doc: unknown): RoledEntity[] {
  return places.flatMap(([path, type, role]) =>
    ecsTexts(doc, path).flatMap((text): RoledEntity[] => {
      if (type !== "ip") return [{ type, value: text, role }];
      const ip = endpointOf(text.trim())?.ip;
      return ip && isTelling(ip) ? [{ type, value: ip, role }] : [];
    }),
  );
}
