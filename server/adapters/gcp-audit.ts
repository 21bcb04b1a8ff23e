import type { RoledEntity } from "./fit-alert.ts";
import { callerIp, memberUser, namedResource } from "./gcp-project.ts";
import { fieldAt, firstText, isRecord, type JsonRecord, textAt } from "./text-field.ts";

/** What an audit log says was done, from `protoPayload`. */
export interface AuditEvent {
  method: string;
  service: string | undefined;
  principal: string | undefined;
  resource: string | undefined;
  /** 7 is "permission denied", 16 "unauthenticated"; undefined when it went well. */
  status: string | undefined;
  payload: JsonRecord;
}

/** By the end of the method's name, because each version of an API has its own beginning. */
const techniquesOfMethod: readonly (readonly [RegExp, string])[] = [
  [/\bCreateServiceAccountKey$/, "T1098.001"],
  [/\bCreateServiceAccount$/, "T1136.003"],
  [/\b(?:Delete|Update)(?:Sink|Log|Bucket)$/, "T1562.008"],
  [/\bfirewalls\.(?:insert|patch|update|delete)$/, "T1562.007"],
];

function bindingDeltas(payload: JsonRecord): JsonRecord[] {
  const deltas =
    fieldAt(payload, "serviceData.policyDelta.bindingDeltas") ?? fieldAt(payload, "metadata.bindingDeltas");
  return Array.isArray(deltas) ? deltas.filter(isRecord) : [];
}

export function auditEvent(entry: JsonRecord): AuditEvent | undefined {
  const payload = entry.protoPayload;
  const method = textAt(payload, "methodName");
  if (!isRecord(payload) || method === undefined) return undefined;
  const code = textAt(payload, "status.code");
  return {
    method,
    service: textAt(payload, "serviceName"),
    principal: firstText(payload, [
      "authenticationInfo.principalEmail",
      "authenticationInfo.principalSubject",
    ]),
    resource: textAt(payload, "resourceName"),
    status: code === "0" ? undefined : code,
    payload,
  };
}

/** Granting a role is a change of accounts; taking one away is not an attack by itself. */
export function auditTechniques({ method, payload, status }: AuditEvent): string[] {
  if (status !== undefined) return [];
  const isGrant =
    /\bSetIamPolicy$/i.test(method) && bindingDeltas(payload).some(({ action }) => action === "ADD");
  const known = techniquesOfMethod.filter(([end]) => end.test(method)).map(([, technique]) => technique);
  return isGrant ? [...known, "T1098.003"] : known;
}

function delegates(payload: JsonRecord): RoledEntity[] {
  const chain = fieldAt(payload, "authenticationInfo.serviceAccountDelegationInfo");
  return (Array.isArray(chain) ? chain : []).map((link) => ({
    type: "user",
    value: firstText(link, ["firstPartyPrincipal.principalEmail", "principalSubject"]),
    role: "actor",
  }));
}

export function auditEntities({ method, principal, resource, payload }: AuditEvent): RoledEntity[] {
  const isFailedLogin = /\bloginFailure$/i.test(method);
  return [
    { type: "user", value: principal, role: isFailedLogin ? "target" : "actor" },
    ...callerIp(textAt(payload, "requestMetadata.callerIp")),
    ...delegates(payload),
    ...namedResource(resource),
    ...bindingDeltas(payload).flatMap((delta) => memberUser(textAt(delta, "member"))),
  ];
}

export function auditLabels({
  service,
  resource,
  status,
  payload,
}: AuditEvent): [string, string | undefined][] {
  const roles = bindingDeltas(payload).map((delta) =>
    [textAt(delta, "action"), textAt(delta, "role"), textAt(delta, "member")].filter(Boolean).join(" "),
  );
  return [
    ["service_name", service],
    ["resource_name", resource],
    ["status_code", status],
    ["grants", roles.join(", ")],
    ["user_agent", textAt(payload, "requestMetadata.callerSuppliedUserAgent")],
  ];
}
