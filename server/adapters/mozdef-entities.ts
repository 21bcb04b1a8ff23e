import type { EntityRole, EntityType } from "../../shared/alert.ts";
import type { RoledEntity } from "./fit-alert.ts";
import { endpointOf, isIp, saysNothing } from "./ip-address.ts";
import { fieldAt, firstText } from "./text-field.ts";

/** What an event names. MozDef itself writes UNKNOWN where it knows nothing. */
export interface Subjects {
  host: string | undefined;
  user: string | undefined;
  email: string | undefined;
  source: string | undefined;
  destination: string | undefined;
}

const fieldNames = {
  host: ["details.hostname", "details.dhost", "hostname"],
  user: ["details.username", "details.duser", "details.user"],
  email: ["details.email"],
  source: [
    "details.sourceipaddress",
    "details.sourceipv4address",
    "details.sourceipv6address",
    "details.srcip",
    // Of a match of threat intelligence: the address that was seen.
    "details.seenindicator",
  ],
  destination: [
    "details.destinationipaddress",
    "details.destinationipv4address",
    "details.destinationipv6address",
    "details.dstip",
  ],
};

function known(event: unknown, names: readonly string[]): string | undefined {
  const text = firstText(event, names)?.trim();
  return text?.toUpperCase() === "UNKNOWN" ? undefined : text;
}

function addressIn(event: unknown, names: readonly string[]): string | undefined {
  const ip = endpointOf(known(event, names) ?? "")?.ip;
  return ip && !saysNothing(ip) ? ip : undefined;
}

export function subjectsOf(event: unknown): Subjects {
  return {
    host: known(event, fieldNames.host),
    user: known(event, fieldNames.user),
    email: known(event, fieldNames.email),
    source: addressIn(event, fieldNames.source),
    destination: addressIn(event, fieldNames.destination),
  };
}

type Place = readonly [type: EntityType, role: EntityRole, names: readonly string[]];

const places: readonly Place[] = [
  ["user", "actor", ["details.suser", "details.originaluser"]],
  ["process", "actor", ["details.dproc", "details.processname"]],
  ["file", "target", ["details.fname"]],
  ["hash", "actor", ["details.sha256", "details.sha1", "details.md5"]],
  ["account", "target", ["details.awsaccountid", "details.recipientaccountid", "details.accountid"]],
];

function webAddress(event: unknown): string | undefined {
  const uri = known(event, ["details.destinationuri", "details.sourceuri"]);
  return uri && /^https?:\/\//i.test(uri) ? uri : undefined;
}

/** Where a log is collected, `hostname` is the collector's and the details name the machine that wrote it. */
export function mozdefEntities(event: unknown): RoledEntity[] {
  const { host, user, email, source, destination } = subjectsOf(event);
  const collector = known(event, ["hostname"]);
  return [
    { type: host && isIp(host) ? "ip" : "host", value: host, role: "target" },
    { type: "host", value: collector === host ? undefined : collector, role: "observer" },
    { type: "user", value: user, role: "target" },
    { type: "email", value: email, role: "target" },
    { type: "ip", value: source, role: "actor" },
    { type: "ip", value: destination, role: "target" },
    ...places.map(([type, role, names]): RoledEntity => ({ type, role, value: known(event, names) })),
    { type: "url", value: webAddress(event), role: "target" },
  ];
}

/** The events an alert was made from, as MozDef copies them into it. */
export function eventsOf(alert: unknown): unknown[] {
  const events = fieldAt(alert, "events");
  return Array.isArray(events) ? events.map((event) => fieldAt(event, "documentsource")) : [];
}
