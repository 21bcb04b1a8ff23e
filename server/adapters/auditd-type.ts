import { type Severity, severities } from "../../shared/alert.ts";
import { type AuditEvent, type AuditRecord, hasFailed } from "./auditd-event.ts";
import { meaningOfKey } from "./auditd-key.ts";

export interface AuditMeaning {
  rule: string;
  /** What happened, without who. */
  what: string;
  severity: Severity;
  techniques: readonly string[];
}

type Row = readonly [what: string, severity: Severity, ...techniques: string[]];

/** Record types that may need a person; all others (sessions, services, keys, the parts of an event) are info. */
const types: ReadonlyMap<string, Row> = new Map<string, Row>([
  ["ADD_USER", ["User account added", "medium", "T1136.001"]],
  ["DEL_USER", ["User account deleted", "medium", "T1531"]],
  ["ADD_GROUP", ["Group added", "low", "T1098"]],
  ["DEL_GROUP", ["Group deleted", "low"]],
  ["USER_MGMT", ["User account changed", "low", "T1098"]],
  ["GRP_MGMT", ["Group changed", "low", "T1098"]],
  ["USER_CHAUTHTOK", ["Password changed", "low", "T1098"]],
  ["GRP_CHAUTHTOK", ["Group password changed", "low", "T1098"]],
  ["ACCT_LOCK", ["Account locked", "low"]],
  ["ACCT_UNLOCK", ["Account unlocked", "low", "T1098"]],
  ["ROLE_ASSIGN", ["SELinux role assigned", "medium", "T1098"]],
  ["ROLE_MODIFY", ["SELinux role changed", "medium", "T1098"]],
  ["USER_ERR", ["Login error", "low", "T1110"]],
  ["ANOM_LOGIN_FAILURES", ["Limit of failed logins reached", "high", "T1110"]],
  ["ANOM_LOGIN_TIME", ["Login at a forbidden time", "high", "T1078"]],
  ["ANOM_LOGIN_SESSIONS", ["Limit of sessions reached", "medium", "T1078"]],
  ["ANOM_LOGIN_ACCT", ["Login to a watched account", "high", "T1078"]],
  ["ANOM_LOGIN_LOCATION", ["Login from a forbidden place", "high", "T1078"]],
  ["ANOM_LOGIN_SERVICE", ["Login of a service account", "high", "T1078"]],
  ["ANOM_ROOT_TRANS", ["User became root", "high", "T1548"]],
  ["ANOM_PROMISCUOUS", ["Promiscuous mode changed", "medium", "T1040"]],
  ["ANOM_ABEND", ["Process ended abnormally", "medium"]],
  ["ANOM_LINK", ["Suspicious use of links", "medium", "T1548"]],
  ["ANOM_CREAT", ["Suspicious creation of a file", "medium", "T1548"]],
  ["AVC", ["SELinux access", "low"]],
  ["USER_AVC", ["SELinux access", "low"]],
  ["SELINUX_ERR", ["SELinux error", "medium"]],
  ["USER_SELINUX_ERR", ["SELinux error", "medium"]],
  ["MAC_STATUS", ["SELinux mode changed", "medium", "T1562.001"]],
  ["MAC_CONFIG_CHANGE", ["SELinux setting changed", "low", "T1562.001"]],
  ["MAC_POLICY_LOAD", ["SELinux policy loaded", "low"]],
  ["SECCOMP", ["System call refused by a sandbox", "medium"]],
  ["KERN_MODULE", ["Kernel module loaded", "low", "T1547.006"]],
  ["DAEMON_ABORT", ["Auditing stopped by an error", "medium", "T1562.012"]],
  ["DAEMON_ERR", ["Error of the audit daemon", "medium"]],
  ["DAEMON_END", ["Auditing stopped", "low", "T1562.012"]],
  ["CRYPTO_REPLAY_USER", ["Replay attack detected", "high", "T1557"]],
  ["CRYPTO_FAILURE_USER", ["Cryptographic failure", "low"]],
  ["VIRT_INTEGRITY_CHECK", ["Guest integrity check", "low"]],
]);

/** Of these a failure is somebody who was not let in. */
const signIn = /^(?:USER_AUTH|USER_LOGIN|USER_ACCT|USER_START|USER_CHAUTHTOK|CRED_ACQ|CRED_REFR|GRP_AUTH)$/;

function row(rule: string, [what, severity, ...techniques]: Row): AuditMeaning {
  return { rule, what, severity, techniques };
}

function plain(type: string): string {
  const words = type.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function failure(type: string): AuditMeaning | undefined {
  const rule = `${type} failed`;
  if (signIn.test(type)) {
    return row(rule, [`${type === "USER_LOGIN" ? "Login" : plain(type)} failed`, "low", "T1110"]);
  }
  if (type === "USER_CMD") return row(rule, ["Command refused", "low", "T1548.003"]);
  if (type.startsWith("INTEGRITY_")) return row(rule, ["Integrity check failed", "high", "T1565"]);
  const [what, severity, ...techniques] = types.get(type) ?? [];
  return what && severity ? row(rule, [`${what}: failed`, severity, ...techniques]) : undefined;
}

function access({ type, fields }: AuditRecord): AuditMeaning | undefined {
  const armour = fields.get("apparmor");
  if (armour !== undefined) {
    const rule = `APPARMOR_${armour}`;
    if (armour === "DENIED") return row(rule, ["AppArmor denied access", "medium"]);
    return row(rule, ["AppArmor", armour === "ALLOWED" || armour === "ERROR" ? "low" : "info"]);
  }
  if (fields.get("avc") === "granted") return row(`${type} granted`, ["SELinux granted access", "low"]);
  if (type !== "AVC" && type !== "USER_AVC") return undefined;
  const isPermissive = fields.get("permissive") === "1";
  return row(type, ["SELinux denied access", isPermissive ? "low" : "medium"]);
}

/** Rules added at the start of auditd are everyday; rules and auditing taken away are how traces are avoided. */
function auditConfig({ type, fields }: AuditRecord): AuditMeaning {
  const turnedOff = fields.get("audit_enabled") === "0" && fields.get("old") !== "0";
  if (turnedOff) return row(`${type} off`, ["Auditing turned off", "high", "T1562.012"]);
  if (fields.get("op") === "remove_rule" || fields.get("op") === "remove rule")
    return row(`${type} remove_rule`, ["Audit rule removed", "medium", "T1562.012"]);
  return row(type, ["Audit configuration changed", "info"]);
}

function meaningOfRecord(record: AuditRecord, isFailed: boolean): AuditMeaning {
  const { type, fields } = record;
  if (type === "CONFIG_CHANGE") return auditConfig(record);
  if (type === "MAC_STATUS" && fields.get("enforcing") === "0")
    return row("MAC_STATUS off", ["SELinux no longer enforces", "high", "T1562.001"]);
  const special = access(record) ?? (isFailed ? failure(type) : undefined);
  if (special !== undefined) return special;
  const key = fields.get("key");
  if (type === "SYSCALL" && key !== undefined && key !== "(null)" && key !== "") {
    const { severity, techniques } = meaningOfKey(key);
    return { rule: `key=${key}`, what: `Audit rule ${key}`, severity, techniques };
  }
  return row(type, types.get(type) ?? [plain(type), type.startsWith("ANOM_") ? "high" : "info"]);
}

/** What an event is about: its worst record; of equally bad ones the first. */
export function meaningOf(event: AuditEvent): AuditMeaning {
  const isFailed = hasFailed(event);
  const all = event.records.map((record) => meaningOfRecord(record, isFailed));
  const worst = severities.find((severity) => all.some((one) => one.severity === severity));
  return all.find(({ severity }) => severity === worst) ?? row("UNKNOWN", ["Audit event", "info"]);
}
