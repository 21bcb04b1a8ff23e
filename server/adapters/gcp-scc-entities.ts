import type { EntityRole } from "../../shared/alert.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { callerIp, memberUser, namedResource } from "./gcp-project.ts";
import { isIp, isPrivateIp, saysNothing } from "./ip-address.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";

function recordsAt(value: unknown, path: string): JsonRecord[] {
  const list = fieldAt(value, path);
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** Of a connection the private end is one's own. */
function connectionEnd(ip: string | undefined): RoledEntity[] {
  if (!ip || !isIp(ip) || saysNothing(ip)) return [];
  return [{ type: "ip", value: ip, role: isPrivateIp(ip) ? "target" : "actor" }];
}

function indicators(finding: JsonRecord): RoledEntity[] {
  const indicator = finding.indicator;
  return [
    ...textsAt(indicator, "ipAddresses").flatMap(callerIp),
    ...textsAt(indicator, "domains").map((value): RoledEntity => ({ type: "domain", value, role: "actor" })),
    ...textsAt(indicator, "uris").map((value): RoledEntity => ({ type: "url", value, role: "actor" })),
  ];
}

function fileEntities(file: unknown, role: EntityRole): RoledEntity[] {
  return [
    { type: "file", value: textAt(file, "path"), role },
    { type: "hash", value: textAt(file, "sha256"), role },
  ];
}

function onMachine(finding: JsonRecord): RoledEntity[] {
  return [
    ...recordsAt(finding, "processes").flatMap(({ binary, name }): RoledEntity[] => [
      { type: "process", value: textAt(binary, "path") ?? textAt({ name }, "name"), role: "actor" },
      { type: "hash", value: textAt(binary, "sha256"), role: "actor" },
    ]),
    ...recordsAt(finding, "files").flatMap((file) => fileEntities(file, "target")),
    ...recordsAt(finding, "containers").map(
      (one): RoledEntity => ({ type: "container", value: firstText(one, ["name", "uri"]), role: "target" }),
    ),
    ...recordsAt(finding, "kubernetes.pods").map(
      (pod): RoledEntity => ({ type: "container", value: textAt(pod, "name"), role: "target" }),
    ),
  ];
}

function people(finding: JsonRecord): RoledEntity[] {
  const accessing = firstText(finding, [
    "access.principalEmail",
    "access.userName",
    "sourceProperties.properties.principalEmail",
  ]);
  return [
    { type: "user", value: accessing, role: "actor" },
    { type: "user", value: textAt(finding, "database.userName"), role: "actor" },
    ...callerIp(textAt(finding, "access.callerIp")),
    ...recordsAt(finding, "iamBindings").flatMap(({ member }) => memberUser(textAt({ member }, "member"))),
  ];
}

/** The machine whose number stands in the resource's name, by the name people know it by. */
function resourceEntities(finding: JsonRecord, resource: unknown): RoledEntity[] {
  const name = textAt(finding, "resourceName") ?? textAt(resource, "name");
  const type = textAt(resource, "type") ?? "";
  const shown = firstText(resource, ["displayName", "display_name"]);
  const old = textAt(finding, "sourceProperties.properties.instanceDetails");
  const isMachine = /(?:compute.*Instance|::EC2::Instance)$/i.test(type);
  return [
    { type: "host", value: isMachine ? shown : undefined, role: "target" },
    ...namedResource(name),
    ...namedResource(old),
  ];
}

/** Everything a finding of Security Command Center is about, save its project. */
export function sccEntities(finding: JsonRecord, resource: unknown): RoledEntity[] {
  const ends = recordsAt(finding, "connections").flatMap((one) => [
    ...connectionEnd(textAt(one, "sourceIp")),
    ...connectionEnd(textAt(one, "destinationIp")),
  ]);
  return [
    ...resourceEntities(finding, resource),
    ...people(finding),
    ...indicators(finding),
    ...ends,
    ...onMachine(finding),
  ];
}
