import { accountId } from "./aws-account.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { isIp, saysNothing } from "./ip-address.ts";
import { fieldAt, firstText, type JsonRecord, textAt } from "./text-field.ts";

/** What AWS writes where a wrong user name may have been a password. */
const hiddenName = "HIDDEN_DUE_TO_SECURITY_REASONS";

export function sourceIp(record: JsonRecord): string | undefined {
  const address = textAt(record, "sourceIPAddress")?.trim();
  return address && isIp(address) && !saysNothing(address) ? address : undefined;
}

/** The name of a session, the end of `arn:aws:sts::…:assumed-role/Role/session`. */
function sessionName(record: JsonRecord): string | undefined {
  return /:assumed-role\/[^/]+\/(.+)$/.exec(textAt(record, "userIdentity.arn") ?? "")?.[1];
}

/** A person who signed in through a directory has a session of that name; machines' sessions are without number. */
function personInSession(record: JsonRecord): string | undefined {
  const session = sessionName(record);
  const role = textAt(record, "userIdentity.sessionContext.sessionIssuer.userName") ?? "";
  return session && (session.includes("@") || role.startsWith("AWSReservedSSO_")) ? session : undefined;
}

/** Who calls, as people say it: the person of a session, else the user, the role, the service. */
export function callerName(record: JsonRecord): string | undefined {
  const name = firstText(record, [
    "userIdentity.userName",
    "userIdentity.sessionContext.sessionIssuer.userName",
  ]);
  if (name === hiddenName) return undefined;
  const type = textAt(record, "userIdentity.type");
  return personInSession(record) ?? name ?? (type === "Root" ? "root" : undefined);
}

/** Tells callers apart: the role of a machine's session, the ARN of anyone else. */
export function callerIdentity(record: JsonRecord): (string | undefined)[] {
  const person = personInSession(record);
  const role = textAt(record, "userIdentity.sessionContext.sessionIssuer.arn");
  if (role !== undefined) return [role, person];
  const named = firstText(record, ["userIdentity.arn", "userIdentity.principalId"]);
  return [named ?? callerName(record) ?? firstText(record, ["userIdentity.invokedBy", "sourceIPAddress"])];
}

/** Whoever fails to sign in is the one attacked, not the one who acts. */
export function callerEntities(record: JsonRecord, isFailedLogin: boolean): RoledEntity[] {
  const [own, other] = accountsOf(record);
  return [
    { type: "user", value: callerName(record), role: isFailedLogin ? "target" : "actor" },
    { type: "ip", value: sourceIp(record), role: "actor" },
    { type: "account", value: own, role: "target" },
    { type: "account", value: other === own ? undefined : other, role: "actor" },
  ];
}

/** The account in which it happened and that of the caller. */
export function accountsOf(record: JsonRecord, event?: JsonRecord): (string | undefined)[] {
  const caller = accountId(fieldAt(record, "userIdentity.accountId"));
  return [accountId(record.recipientAccountId) ?? accountId(event?.account) ?? caller, caller];
}
