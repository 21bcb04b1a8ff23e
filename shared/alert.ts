import * as v from "valibot";

/** From worst to mildest; the order is the ranking. */
export const severities = ["critical", "high", "medium", "low", "info"] as const;
export const Severity = v.picklist(severities);
export type Severity = v.InferOutput<typeof Severity>;

export const entityTypes = [
  "host",
  "ip",
  "user",
  "domain",
  "url",
  "hash",
  "process",
  "account",
  "container",
  "file",
  "email",
] as const;
export const EntityType = v.picklist(entityTypes);
export type EntityType = v.InferOutput<typeof EntityType>;

export const entityRoles = ["actor", "target", "observer"] as const;
export const EntityRole = v.picklist(entityRoles);
export type EntityRole = v.InferOutput<typeof EntityRole>;

/** Over one of these an alert is rejected with the name of the field. Characters are UTF-16 units. */
export const limits = {
  bodyBytes: 10 * 1024 * 1024,
  alertsPerRequest: 10_000,
  source: 128,
  rule: 512,
  title: 1_024,
  description: 16 * 1_024,
  environment: 64,
  service: 128,
  dedupKey: 1_024,
  labels: 64,
  labelName: 64,
  labelValue: 256,
  entities: 128,
  entityValue: 1_024,
  links: 32,
  linkHref: 2_048,
  techniques: 32,
  nesting: 64,
  groupEntities: 64,
} as const;

const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const named = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));

export const Entity = v.object({
  type: EntityType,
  value: named(limits.entityValue),
  role: v.optional(EntityRole),
});
export type Entity = v.InferOutput<typeof Entity>;

export const Link = v.object({ href: named(limits.linkHref), text: v.optional(text(limits.title)) });
export type Link = v.InferOutput<typeof Link>;

/** An RFC 3339 time with a zone; `2026-11-23T12:00:00Z`. */
export const Time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)$/),
  v.check((value) => !Number.isNaN(Date.parse(value)), "not a time"),
);

/** One report of a detector as `POST /api/v1/alerts` takes it; adapters turn native formats into it. */
export const AlertInput = v.object({
  source: named(limits.source),
  rule: named(limits.rule),
  title: named(limits.title),
  severity: Severity,
  environment: v.optional(named(limits.environment)),
  service: v.optional(named(limits.service)),
  occurredAt: v.optional(Time),
  status: v.optional(v.picklist(["firing", "resolved"])),
  dedupKey: v.optional(named(limits.dedupKey)),
  entities: v.optional(v.pipe(v.array(Entity), v.maxLength(limits.entities))),
  techniques: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.regex(/^T\d{4}(?:\.\d{3})?$/))), v.maxLength(limits.techniques)),
  ),
  labels: v.optional(
    v.pipe(
      v.record(named(limits.labelName), text(limits.labelValue)),
      v.check((labels) => Object.keys(labels).length <= limits.labels, `at most ${limits.labels} labels`),
    ),
  ),
  description: v.optional(text(limits.description)),
  links: v.optional(v.pipe(v.array(Link), v.maxLength(limits.links))),
  raw: v.optional(v.unknown()),
});
export type AlertInput = v.InferOutput<typeof AlertInput>;

/** What an adapter knows beyond the canonical fields; never part of the public input. */
export interface AlertHints {
  /** Name of the sender's own severity, shown beside the mapped one. */
  nativeSeverity?: string;
  /** A repeat that the format defines as a heartbeat: counted in `count`, not in `occurrences`. */
  heartbeatKey?: string;
  /** The sender's key of one firing instance, so that `resolved` can be matched to it. */
  instanceKey?: string;
  /** It says that something is over and nothing else, so it does not describe the group. */
  onlyEnds?: boolean;
  /** ISO time after which a firing instance is taken as resolved unless it is repeated. */
  expiresAt?: string;
  runbookUrl?: string;
}

export type Alert = AlertInput & { hints?: AlertHints };

export const formats = [
  "alert",
  "wazuh",
  "suricata",
  "aminer",
  "alertmanager",
  "grafana",
  "cloudevents",
  "falco",
  "pagerduty",
  "alerta",
  "opsgenie",
  "mozlog",
  "elastic",
  "ossec",
  "auditd",
  "mozdef",
  "ocsf",
  "guardduty",
  "cloudtrail",
  "gcp-logging",
  "gcp-scc",
  "hackerone",
  "bugcrowd",
  "sentinel",
  "generic",
] as const;
export type Format = (typeof formats)[number];

/** Answer to every accepted request that carries alerts. */
export interface IntakeAnswer {
  accepted: number;
  rejected: { index: number; code: string; message: string }[];
  /** UUIDv7 of the first alert's place in the log. */
  receipt: string;
  /** Only with `Prefer: wait=…`; what was not triaged in time is missing. */
  groups?: { index: number; group: string; created: boolean; band: string }[];
}
