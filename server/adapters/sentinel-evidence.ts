import type { EntityRole, EntityType } from "../../shared/alert.ts";
import { asList } from "./as-list.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, saysNothing } from "./ip-address.ts";
import { pathOf, subscriptionIn } from "./sentinel-entities.ts";
import { textAt, textsAt } from "./text-field.ts";

const actorRoles = ["attacker", "source", "commandAndControl", "contextual"];

const evidencePlaces: readonly (readonly [path: string, type: EntityType])[] = [
  ["deviceDnsName", "host"],
  ["hostName", "host"],
  ["userAccount.userPrincipalName", "user"],
  ["userAccount.accountName", "user"],
  ["primaryAddress", "email"],
  ["ipAddress", "ip"],
  ["url", "url"],
  ["domainName", "domain"],
  ["containerId", "container"],
  ["fileDetails.sha256", "hash"],
  ["imageFile.sha256", "hash"],
  ["processCommandLine", "process"],
  ["p1Sender.emailAddress", "email"],
  ["recipientEmailAddress", "email"],
  ["azureResourceId", "account"],
  ["resourceId", "account"],
];

/** `evidence` of Graph's alerts: what each is shows by its fields, on which side it was by its roles. */
export function graphEntities(evidence: unknown): RoledEntity[] {
  return asList(evidence).flatMap((one) => {
    const roles = textsAt(one, "roles");
    const isActor = roles.some((role) => actorRoles.includes(role)) && !roles.includes("compromised");
    const role: EntityRole = isActor ? "actor" : "target";
    const file = pathOf(textAt(one, "fileDetails.filePath"), textAt(one, "fileDetails.fileName"));
    const found = evidencePlaces.flatMap(([path, type]): RoledEntity[] => {
      const text = textAt(one, path);
      if (text === undefined) return [];
      if (type === "account") return [{ type, value: subscriptionIn(text), role: "target" }];
      if (type !== "ip") return [{ type, value: text, role }];
      const ip = endpointOf(text.trim())?.ip;
      return ip && !saysNothing(ip) ? [{ type, value: ip, role }] : [];
    });
    return [...found, { type: "file", value: file, role: "target" }];
  });
}
