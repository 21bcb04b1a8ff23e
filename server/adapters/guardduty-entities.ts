import type { EntityRole } from "../../shared/alert.ts";
import { recordsIn } from "./aws-account.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { isIp, saysNothing } from "./ip-address.ts";
import { fieldAt, type JsonRecord, textAt } from "./text-field.ts";

type Named = readonly [type: RoledEntity["type"], path: string];

/** Where a finding's resource says what it is. */
const ofResource: readonly Named[] = [
  ["host", "instanceDetails.instanceId"],
  ["user", "accessKeyDetails.userName"],
  ["user", "rdsDbUserDetails.user"],
  ["host", "rdsDbInstanceDetails.dbInstanceIdentifier"],
  ["host", "rdsLimitlessDbDetails.dbShardGroupIdentifier"],
  ["host", "eksClusterDetails.name"],
  ["host", "ecsClusterDetails.name"],
  ["process", "lambdaDetails.functionName"],
  ["container", "kubernetesDetails.kubernetesWorkloadDetails.name"],
  ["container", "containerDetails.name"],
  ["container", "containerDetails.id"],
];

/** Whoever calls, probes or signs in acts, whatever the resource's own role is. */
const callers = [
  "awsApiCallAction.remoteIpDetails",
  "kubernetesApiCallAction.remoteIpDetails",
  "rdsLoginAttemptAction.remoteIpDetails",
];

function addresses(holder: unknown, role: EntityRole, names: readonly string[]): RoledEntity[] {
  return names.flatMap((name) => {
    const value = textAt(holder, name);
    return value && isIp(value) && !saysNothing(value) ? [{ type: "ip", value, role }] : [];
  });
}

function remote(holder: unknown, role: EntityRole): RoledEntity[] {
  return addresses(holder, role, ["ipAddressV4", "ipAddressV6"]);
}

function resourceEntities(resource: unknown, role: EntityRole): RoledEntity[] {
  const containers = recordsIn(
    fieldAt(resource, "kubernetesDetails.kubernetesWorkloadDetails.containers"),
  ).concat(recordsIn(fieldAt(resource, "ecsClusterDetails.taskDetails.containers")));
  const buckets = recordsIn(fieldAt(resource, "s3BucketDetails")).map((bucket) => textAt(bucket, "name"));
  return [
    ...ofResource.map(([type, path]) => ({ type, value: textAt(resource, path), role })),
    ...buckets.map((name) => ({ type: "url" as const, value: name && `s3://${name}`, role })),
    ...containers.map((one) => ({ type: "container" as const, value: textAt(one, "name"), role })),
  ];
}

function actionEntities(action: unknown, role: EntityRole): RoledEntity[] {
  const farEnd: EntityRole = role === "actor" ? "target" : "actor";
  const probes = recordsIn(fieldAt(action, "portProbeAction.portProbeDetails"));
  return [
    ...callers.flatMap((path) => remote(fieldAt(action, path), "actor")),
    ...probes.flatMap((probe) => remote(probe.remoteIpDetails, "actor")),
    ...remote(fieldAt(action, "networkConnectionAction.remoteIpDetails"), farEnd),
    { type: "domain", value: textAt(action, "dnsRequestAction.domain"), role: farEnd },
    { type: "domain", value: textAt(action, "awsApiCallAction.domainDetails.domain"), role: farEnd },
  ];
}

/** What malware scans and the agent on the machine saw. */
function runtimeEntities(service: unknown): RoledEntity[] {
  const process = fieldAt(service, "runtimeDetails.process");
  const threats = recordsIn(
    fieldAt(service, "ebsVolumeScanDetails.scanDetections.threatDetectedByName.threatNames"),
  );
  const scanned = threats.flatMap((threat) => recordsIn(threat.filePaths));
  const items = recordsIn(fieldAt(service, "malwareScanDetails.threats"));
  const found = items.flatMap((threat) => recordsIn(threat.itemPaths));
  return [
    { type: "process", value: textAt(process, "executablePath") ?? textAt(process, "name"), role: "actor" },
    { type: "hash", value: textAt(process, "executableSha256"), role: "actor" },
    ...scanned.flatMap((file): RoledEntity[] => [
      { type: "file", value: textAt(file, "filePath"), role: "target" },
      { type: "hash", value: textAt(file, "hash"), role: "actor" },
    ]),
    ...found.flatMap((file): RoledEntity[] => [
      { type: "file", value: textAt(file, "nestedItemPath"), role: "target" },
      { type: "hash", value: textAt(file, "hash"), role: "actor" },
    ]),
  ];
}

/** An attack sequence names its actors and where they came from apart from any single action. */
function sequenceEntities(sequence: unknown): RoledEntity[] {
  const actors = recordsIn(fieldAt(sequence, "actors")).map((one) => textAt(one, "user.name"));
  return [
    ...actors.map((value): RoledEntity => ({ type: "user", value, role: "actor" })),
    ...recordsIn(fieldAt(sequence, "endpoints")).flatMap((one): RoledEntity[] => [
      ...addresses(one, "actor", ["ip"]),
      { type: "domain", value: textAt(one, "domain"), role: "actor" },
    ]),
  ];
}

/**
 * Everything a finding is about. `resourceRole` decides the role of the resource and of the far end of its
 * connections; the account is what has to be protected and so always a target.
 */
export function guardDutyEntities(finding: JsonRecord, account: string | undefined): RoledEntity[] {
  const resource = fieldAt(finding, "resource");
  const service = fieldAt(finding, "service");
  const role = textAt(service, "resourceRole")?.toUpperCase() === "ACTOR" ? "actor" : "target";
  const interfaces = recordsIn(fieldAt(resource, "instanceDetails.networkInterfaces"));
  const caller = textAt(resource, "kubernetesDetails.kubernetesUserDetails.username");
  return [
    ...resourceEntities(resource, role),
    { type: "user", value: caller, role: "actor" },
    ...actionEntities(fieldAt(service, "action"), role),
    ...interfaces.flatMap((one) => addresses(one, role, ["privateIpAddress", "publicIp"])),
    ...runtimeEntities(service),
    ...sequenceEntities(fieldAt(service, "detection.sequence")),
    { type: "account", value: account, role: "target" },
  ];
}
