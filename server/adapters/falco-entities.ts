import type { EntityRole, EntityType } from "../../shared/alert.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, isIp, isPrivateIp, saysNothing } from "./ip-address.ts";
import { asText, type JsonRecord } from "./text-field.ts";

/** Falco writes `<NA>` or `N/A` for a field that has no value. */
export function falcoText(fields: JsonRecord, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = Object.hasOwn(fields, name) ? asText(fields[name])?.trim() : undefined;
    if (text !== undefined && text !== "<NA>" && text !== "N/A") return text;
  }
  return undefined;
}

/** Only Google's plugin has no field of its own for it. */
export const projectField = "json.value[/resource/labels/project_id]";

type Place = readonly [type: EntityType, role: EntityRole, names: readonly string[]];

/** Of each row the first name that says something; a container's id changes with every start of a pod. */
const places: readonly Place[] = [
  ["container", "target", ["k8s.pod.name", "container.name", "container.id"]],
  ["process", "actor", ["proc.exepath", "proc.name"]],
  [
    "user",
    "actor",
    ["user.name", "ka.user.name", "ct.user", "okta.actor.alternateid", "github.user", "gcp.user"],
  ],
  ["user", "target", ["okta.target.user.alternateid", "ct.request.username", "github.collaborator.name"]],
  ["account", "target", ["ct.recipientaccountid", "ct.user.accountid", projectField]],
  ["hash", "actor", ["proc.hash.sha256", "proc.hash.md5"]],
  ["domain", "actor", ["fd.rip.name", "fd.sip.name"]],
];

const callers = ["ct.srcip", "okta.client.ip", "gcp.callerIP"];

function ipEntity(text: string | undefined, role?: EntityRole): RoledEntity[] {
  const ip = text && endpointOf(text)?.ip;
  if (!ip || saysNothing(ip)) return [];
  return [{ type: "ip", value: ip, role: role ?? (isPrivateIp(ip) ? "target" : "actor") }];
}

/** Both ends of a connection: `192.0.2.8:41852->203.0.113.9:4444` or one field each. A public end is not one's own. */
function connection(fields: JsonRecord): RoledEntity[] {
  const ends = falcoText(fields, ["fd.name"])?.split("->") ?? [];
  return [
    ...ipEntity(falcoText(fields, ["fd.rip"]), "actor"),
    ...ipEntity(falcoText(fields, ["fd.lip"]), "target"),
    ...["fd.sip", "fd.cip"].flatMap((name) => ipEntity(falcoText(fields, [name]))),
    ...(ends.length === 2 ? ends.flatMap((end) => ipEntity(end)) : []),
  ];
}

export function isInContainer(fields: JsonRecord): boolean {
  const id = falcoText(fields, ["container.id", "container.name"]);
  if (id !== undefined) return id !== "host";
  return falcoText(fields, ["container.image.repository", "k8s.pod.name", "k8s.ns.name"]) !== undefined;
}

/** What Falco's fields name; `hostname` is the machine where Falco runs, which of a cloud's logs only reads them. */
export function falcoEntities(
  fields: JsonRecord,
  hostname: string | undefined,
  isOfHost: boolean,
): RoledEntity[] {
  const named = places.flatMap(([type, role, names]): RoledEntity[] => {
    const value = falcoText(fields, names);
    return value === undefined || (type === "container" && !isInContainer(fields))
      ? []
      : [{ type, value, role }];
  });
  const file = falcoText(fields, ["fd.name", "fs.path.name"]);
  const machine = hostname && isIp(hostname) ? "ip" : "host";
  return [
    { type: machine, value: hostname, role: isOfHost ? "target" : "observer" },
    ...named,
    { type: "file", value: file?.startsWith("/") ? file : undefined, role: "target" },
    ...callers.flatMap((name) => ipEntity(falcoText(fields, [name]), "actor")),
    ...connection(fields),
  ];
}
