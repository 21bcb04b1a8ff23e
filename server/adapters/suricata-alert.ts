import type { AlertDraft, RoledEntity } from "./fit-alert.ts";
import { identityKey } from "./identity-key.ts";
import { type Endpoint, isPrivateIp, saysNothing } from "./ip-address.ts";
import { severityOfPriority } from "./severity-scale.ts";

/** What EVE records and fast.log lines have in common, wherever they come from. */
export interface SuricataAlert {
  gid: string;
  signatureId: string;
  signature: string;
  category?: string | undefined;
  /** 1 is the most severe. */
  priority?: number | undefined;
  protocol?: string | undefined;
  source?: Endpoint | undefined;
  destination?: Endpoint | undefined;
}

const scanCategories = ["attempted information leak", "detection of a network scan", "misc activity"];
const everydayCategories = ["generic protocol command decode", "not suspicious traffic"];
/** Where Linux and IANA begin to hand out ports for the calling side of a connection. */
const firstCallerPort = 32_768;

/** The port of the side that was called, so that answers fold with their requests; none when both are high. */
function servicePort({ source, destination }: SuricataAlert): string {
  const ports = [destination?.port, source?.port].filter(
    (port) => port !== undefined && port < firstCallerPort,
  );
  return String(ports[0] ?? "");
}

/** The end that is one's own: the private one where exactly one is private, else the sender. */
function ownEnd({ source, destination }: SuricataAlert): string | undefined {
  if (!source || !destination) return (source ?? destination)?.ip;
  return isPrivateIp(destination.ip) && !isPrivateIp(source.ip) ? destination.ip : source.ip;
}

/**
 * Identity: gid, signature, source, destination and service port. A scan folds on its source alone. Protocol
 * oddities and traffic that the ruleset itself calls not suspicious fold on the own machine alone, because the
 * far ends of a browsing network are without number. Ports of the calling side never count.
 */
function suricataIdentity(event: SuricataAlert): string {
  const detector = ["suricata", event.gid, event.signatureId];
  const category = event.category?.trim().toLowerCase() ?? "";
  if (scanCategories.includes(category) || /^(?:ET|GPL) SCAN\b/i.test(event.signature)) {
    return identityKey([...detector, "from", event.source?.ip]);
  }
  if (everydayCategories.includes(category)) return identityKey([...detector, "at", ownEnd(event)]);
  return identityKey([...detector, event.source?.ip, event.destination?.ip, servicePort(event)]);
}

function written(end: Endpoint | undefined): string {
  if (!end) return "?";
  const ip = end.ip.includes(":") ? `[${end.ip}]` : end.ip;
  return end.port === undefined ? ip : `${ip}:${end.port}`;
}

/** The rule is the signature's number, after its generator's where that is not 1: `2001219`, `119:4`. */
export function suricataDraft(event: SuricataAlert): AlertDraft & { entities: RoledEntity[] } {
  const { gid, signatureId, signature, category, priority, source, destination } = event;
  const traffic = `${event.protocol ?? "traffic"} ${written(source)} -> ${written(destination)}`;
  const ends = [
    { type: "ip", value: source?.ip, role: "actor" },
    { type: "ip", value: destination?.ip, role: "target" },
  ] satisfies RoledEntity[];
  return {
    source: "suricata",
    rule: gid === "1" ? signatureId : `${gid}:${signatureId}`,
    title: signature,
    severity: priority === undefined ? "medium" : severityOfPriority(priority),
    dedupKey: suricataIdentity(event),
    entities: ends.filter(({ value }) => value !== undefined && !saysNothing(value)),
    description: [category, traffic].filter(Boolean).join("\n"),
    hints: { nativeSeverity: priority === undefined ? undefined : `priority ${priority}` },
  };
}
