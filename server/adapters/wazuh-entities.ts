import type { EntityRole, EntityType } from "../../shared/alert.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, isIp, saysNothing } from "./ip-address.ts";
import { fieldAt, firstText, textAt } from "./text-field.ts";

/** Where decoders put what an alert is about; user names first, so that a list cut short keeps them. */
const places: readonly [path: string, type: EntityType, role: EntityRole][] = [
  ["data.dstuser", "user", "target"],
  ["data.srcuser", "user", "actor"],
  ["data.srcip", "ip", "actor"],
  ["data.dstip", "ip", "target"],
  ["data.src_ip", "ip", "actor"],
  ["data.dest_ip", "ip", "target"],
  ["data.win.eventdata.targetUserName", "user", "target"],
  ["data.win.eventdata.subjectUserName", "user", "actor"],
  ["data.win.eventdata.ipAddress", "ip", "actor"],
  ["data.win.eventdata.image", "process", "actor"],
  ["data.win.eventdata.newProcessName", "process", "actor"],
  ["data.aws.sourceIPAddress", "ip", "actor"],
  ["data.aws.userIdentity.userName", "user", "actor"],
  ["data.aws.recipientAccountId", "account", "target"],
  ["data.audit.exe", "process", "actor"],
  ["data.url", "url", "target"],
  ["syscheck.path", "file", "target"],
  ["syscheck.sha256_after", "hash", "target"],
  ["syscheck.sha1_after", "hash", "target"],
  ["syscheck.md5_after", "hash", "target"],
  ["syscheck.audit.process.name", "process", "actor"],
  ["syscheck.audit.login_user.name", "user", "actor"],
  ["syscheck.audit.user.name", "user", "actor"],
];

function entityOf(text: string, type: EntityType, role: EntityRole): RoledEntity | undefined {
  if (type === "ip") {
    const ip = endpointOf(text)?.ip;
    return ip && !saysNothing(ip) ? { type, value: ip, role } : undefined;
  }
  if (type === "url") return /^https?:\/\//i.test(text) ? { type, value: text, role } : undefined;
  if (type !== "user") return { type, value: text, role };
  const name = text.replace(/^<(.*)>$/, "$1");
  return name === "-" ? undefined : { type, value: name, role };
}

export function isSameMachine(one: string, other: string): boolean {
  const [short, otherShort] = [one, other].map((name) => name.toLowerCase().split(isIp(name) ? " " : ".")[0]);
  return short === otherShort;
}

export interface Machine {
  entities: RoledEntity[];
  /** The parts of an identity that tell this machine from others. */
  identity: (string | undefined)[];
}

/**
 * The machine the log came from. The log's own host name tells; where it is another name than the agent's, the
 * agent only forwarded the log and is an observer. File checks and logs without a name are of the agent itself.
 */
export function machineOf(record: unknown): Machine {
  const name = textAt(record, "agent.name");
  const ip = textAt(record, "agent.ip");
  const inLog = ["predecoder.hostname", "data.win.system.computer", "data.system_name"];
  const logged = fieldAt(record, "syscheck") ? undefined : firstText(record, inLog);
  const isForwarded = logged !== undefined && !(name && isSameMachine(logged, name));
  const role = isForwarded ? "observer" : "target";
  const agentIp = ip ? endpointOf(ip)?.ip : undefined;
  return {
    entities: [
      ...(isForwarded ? [{ type: "host", value: logged, role: "target" } satisfies RoledEntity] : []),
      { type: "host", value: name, role },
      { type: "ip", value: agentIp && !saysNothing(agentIp) ? agentIp : undefined, role },
    ],
    identity: [textAt(record, "agent.id"), name, isForwarded ? logged : undefined],
  };
}

/** The manager and the agent, for what another tool saw and Wazuh only carried. */
export function carriersOf(record: unknown): RoledEntity[] {
  return [
    { type: "host", value: textAt(record, "agent.name"), role: "observer" },
    { type: "ip", value: textAt(record, "agent.ip"), role: "observer" },
    { type: "host", value: textAt(record, "manager.name"), role: "observer" },
  ];
}

/** Every entity the decoders found. A user who is both ends (a failed login) is the target. */
export function decodedEntities(record: unknown): RoledEntity[] {
  return places.flatMap(([path, type, role]) => {
    const text = textAt(record, path);
    const entity = text === undefined ? undefined : entityOf(text, type, role);
    return entity ? [entity] : [];
  });
}
