import { type AuditEvent, fieldOf, isNobody, recordsOfType } from "./auditd-event.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { isIp, saysNothing } from "./ip-address.ts";

function plainIp(text: string): string {
  return text.replace(/^::ffff:(?=\d{1,3}\.)/i, "");
}

/** Where a login or a command came from. */
export function addressOf(event: AuditEvent): string | undefined {
  const ip = ["addr", "hostname"].map((name) => plainIp(fieldOf(event, name) ?? "")).find(isIp);
  return ip === undefined || saysNothing(ip) ? undefined : ip;
}

/** Numbers mean another person on each machine. */
function nameOfId(id: string | undefined, node: string | undefined): string | undefined {
  if (id === undefined || isNobody(id)) return undefined;
  return /^\d+$/.test(id) && node ? `${id}@${node}` : id;
}

/** Who signed in at the beginning of the session, whoever they became since. */
export function userOf(event: AuditEvent): string | undefined {
  return nameOfId(fieldOf(event, "AUID"), undefined) ?? nameOfId(fieldOf(event, "auid"), event.node);
}

/** Whose account it is about; `id` is one where there is no name. */
export function accountOf(event: AuditEvent): string | undefined {
  const name = fieldOf(event, "acct");
  if (name !== undefined) return name;
  const isAccount = event.records.some(({ type }) => /^(?:USER|ADD|DEL|ACCT)_/.test(type));
  return isAccount ? nameOfId(fieldOf(event, "ID") ?? fieldOf(event, "id"), event.node) : undefined;
}

/** The address in a struct sockaddr of a little-endian machine, written in hexadecimal. */
function socketIp(saddr: string | undefined): string | undefined {
  const bytes = Buffer.from(saddr ?? "", "hex");
  const family = bytes.length < 8 ? 0 : bytes.readUInt16LE(0);
  if (family === 2) return [...bytes.subarray(4, 8)].join(".");
  if (family !== 10 || bytes.length < 24) return undefined;
  const words = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(8 + i * 2).toString(16));
  return words.every((word) => word === "0") ? undefined : words.join(":");
}

const accepting = new Set(["43", "288", "accept", "accept4"]);

function sockets(event: AuditEvent): RoledEntity[] {
  const role = accepting.has(fieldOf(event, "SYSCALL", "syscall") ?? "") ? "actor" : "target";
  return recordsOfType(event, "SOCKADDR").flatMap(({ fields }) => {
    const ip = socketIp(fields.get("saddr"));
    return ip && !saysNothing(ip) ? [{ type: "ip", value: ip, role } satisfies RoledEntity] : [];
  });
}

/** Files by their whole path; the folders they stand in say nothing more. */
export function filesOf(event: AuditEvent): string[] {
  const folder = fieldOf(event, "cwd");
  const names = recordsOfType(event, "PATH").flatMap(({ fields }) => {
    const name = fields.get("name") ?? "";
    return name === "(null)" || name === "" || fields.get("nametype") === "PARENT" ? [] : [name];
  });
  return names.map((name) =>
    name.startsWith("/") || !folder ? name : `${folder.replace(/\/$/, "")}/${name}`,
  );
}

/** Arguments in a record of their own, a title that the process gave itself, or what was asked of sudo. */
export function commandOf(event: AuditEvent): string | undefined {
  const [execve] = recordsOfType(event, "EXECVE");
  const args = [...(execve?.fields ?? [])].filter(([name]) => /^a\d/.test(name)).map(([, value]) => value);
  return args.join(" ") || fieldOf(event, "cmd", "proctitle");
}

export function entitiesOf(event: AuditEvent): RoledEntity[] {
  const isOfGroup = event.records.some(({ type }) => /^(?:ADD_GROUP|DEL_GROUP|GRP_.*)$/.test(type));
  const ip = addressOf(event);
  const remote = ip === undefined ? fieldOf(event, "hostname") : undefined;
  return [
    { type: "host", value: event.node, role: "target" },
    { type: "ip", value: ip, role: "actor" },
    {
      type: "host",
      value: remote && !isIp(remote) && remote !== event.node ? remote : undefined,
      role: "actor",
    },
    { type: "user", value: isOfGroup ? undefined : accountOf(event), role: "target" },
    { type: "user", value: userOf(event), role: "actor" },
    { type: "process", value: fieldOf(event, "exe"), role: "actor" },
    ...sockets(event),
    ...filesOf(event).map((value) => ({ type: "file", value, role: "target" }) satisfies RoledEntity),
  ];
}
