import type { EntityRole, EntityType } from "../../shared/alert.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, isIp, saysNothing } from "./ip-address.ts";
import { asText, fieldAt, firstText, isRecord, textAt } from "./text-field.ts";

type Place = readonly [name: string, type: EntityType, role: EntityRole];

/** Where decoders put what an alert is about, by the object that holds it. */
const places: readonly (readonly [holder: string, named: readonly Place[]])[] = Object.entries({
  data: [
    ["dstuser", "user", "target"],
    ["srcuser", "user", "actor"],
    ["srcip", "ip", "actor"],
    ["dstip", "ip", "target"],
    ["src_ip", "ip", "actor"],
    ["dest_ip", "ip", "target"],
    ["url", "url", "target"],
  ],
  "data.win.eventdata": [
    ["targetUserName", "user", "target"],
    ["subjectUserName", "user", "actor"],
    ["ipAddress", "ip", "actor"],
    ["image", "process", "actor"],
    ["newProcessName", "process", "actor"],
  ],
  "data.aws": [
    ["sourceIPAddress", "ip", "actor"],
    ["recipientAccountId", "account", "target"],
  ],
  "data.aws.userIdentity": [["userName", "user", "actor"]],
  "data.audit": [["exe", "process", "actor"]],
  syscheck: [
    ["path", "file", "target"],
    ["sha256_after", "hash", "target"],
    ["sha1_after", "hash", "target"],
    ["md5_after", "hash", "target"],
  ],
  "syscheck.audit.process": [["name", "process", "actor"]],
  "syscheck.audit.login_user": [["name", "user", "actor"]],
  "syscheck.audit.user": [["name", "user", "actor"]],
} satisfies Record<string, readonly Place[]>);

function entityOf(text: string, type: EntityType, role: EntityRole): RoledEntity | undefined {
  if (type === "ip") {
    const ip = endpointOf(text)?.ip;
    return ip && !saysNothing(ip) ? { type, value: ip, role } : undefined;
  }
  if (type === "url") return /^https?:\/\//i.test(text) ? { type, value: text, role } : undefined;
  if (type !== "user") return { type, value: text, role };
  const name = text.startsWith("<") ? text.replace(/^<(.*)>$/, "$1") : text;
  return name === "-" ? undefined : { type, value: name, role };
}

function isSameMachine(one: string, other: string): boolean {
  const [short, otherShort] = [one, other].map((name) => name.toLowerCase().split(isIp(name) ? " " : ".")[0]);
  return short === otherShort;
}

interface Machine {
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
  const found: RoledEntity[] = [];
  for (const [holder, named] of places) {
    const fields = fieldAt(record, holder);
    if (!isRecord(fields)) continue;
    for (const [name, type, role] of named) {
      const text = asText(fields[name]);
      const entity = text === undefined ? undefined : entityOf(text, type, role);
      if (entity) found.push(entity);
    }
  }
  return found;
}
