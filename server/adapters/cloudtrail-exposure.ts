import type { Severity } from "../../shared/alert.ts";
import { recordsIn } from "./aws-account.ts";
import { fieldAt, isRecord, type JsonRecord, textAt, textsAt } from "./text-field.ts";

const everywhere = ["0.0.0.0/0", "::/0"];
/** Open on purpose more often than not. */
const webPorts = ["80", "443"];

function isOpen(permission: unknown): boolean {
  const ranges = [
    ...recordsIn(fieldAt(permission, "ipRanges")).map((range) => textAt(range, "cidrIp")),
    ...recordsIn(fieldAt(permission, "ipv6Ranges")).map((range) => textAt(range, "cidrIpv6")),
    textAt(permission, "cidrIp"),
  ];
  return ranges.some((range) => range !== undefined && everywhere.includes(range));
}

function isWebOnly(permission: unknown): boolean {
  const [from, to] = [textAt(permission, "fromPort"), textAt(permission, "toPort")];
  return from !== undefined && from === to && webPorts.includes(from);
}

function firewallSeverity(parameters: unknown): Severity | undefined {
  const open = [parameters, ...recordsIn(fieldAt(parameters, "ipPermissions"))].filter(isOpen);
  if (open.length === 0) return undefined;
  return open.every(isWebOnly) ? "medium" : "high";
}

function isAnyone(principal: unknown): boolean {
  return principal === "*" || textsAt(principal, "AWS").includes("*");
}

function allowsAnyone(statement: unknown): boolean {
  if (!isRecord(statement) || statement.Effect !== "Allow" || statement.Condition !== undefined) return false;
  return isAnyone(statement.Principal);
}

function isPublicPolicy(parameters: unknown): boolean {
  const statements = fieldAt(parameters, "bucketPolicy.Statement");
  return (Array.isArray(statements) ? statements : [statements]).some(allowsAnyone);
}

function isPublicAcl(parameters: unknown): boolean {
  if (textsAt(parameters, "x-amz-acl").some((acl) => acl.startsWith("public-"))) return true;
  const grants = recordsIn(fieldAt(parameters, "AccessControlPolicy.AccessControlList.Grant"));
  return grants.some((grant) => textAt(grant, "Grantee.URI")?.endsWith("/groups/global/AllUsers"));
}

/** How bad it is that a call opens something to everybody on the Internet; undefined when it does not. */
export function opensToWorld(record: JsonRecord, event: string): Severity | undefined {
  const parameters = record.requestParameters;
  if (event === "AuthorizeSecurityGroupIngress") return firewallSeverity(parameters);
  if (event === "PutBucketPolicy") return isPublicPolicy(parameters) ? "high" : undefined;
  if (event === "PutBucketAcl") return isPublicAcl(parameters) ? "high" : undefined;
  return undefined;
}
