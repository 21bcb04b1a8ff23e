import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Role, ScopeName } from "../../shared/access.ts";
import type { ActionName } from "../../shared/actions.ts";
import type { Entity, EntityType, Link, Severity } from "../../shared/alert.ts";
import type { Factor, Hidden, ItemKind, ItemStatus, Verdict } from "../../shared/group.ts";
import type { Policy } from "../../shared/policy.ts";
import type { GroupMemory } from "../triage/group-state.ts";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
const long = (name: string) => bigint(name, { mode: "number" });

/**
 * Counters given out under a row lock, so that numbers are seen in commit order and never overtaken:
 * `log` numbers chunks, `live` numbers changes of items, `triage` is the watermark in the log.
 */
export const clock = pgTable("clock", {
  name: text("name").primaryKey(),
  seq: long("seq").notNull(),
});

/** Originals, verbatim: the requests that waited together, compressed, in one row and one commit. */
export const alertLog = pgTable(
  "alert_log",
  {
    /** UUIDv7 whose low 20 bits are zero: they number the alerts of the chunk. */
    id: uuid("id").primaryKey(),
    seq: long("seq").notNull(),
    receivedAt: time("received_at").notNull(),
    alerts: integer("alerts").notNull(),
    rawBytes: integer("raw_bytes").notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (table) => [index("alert_log_seq").on(table.seq)],
);

/**
 * Which group each alert of a stretch of the log went to. A group names the newest stretch that holds it and
 * each stretch names the one before, so a group's originals are found newest first without a row per alert.
 */
export const alertIndex = pgTable(
  "alert_index",
  {
    id: uuid("id").primaryKey(),
    seqFrom: long("seq_from").notNull(),
    seqTo: long("seq_to").notNull(),
    receivedFrom: time("received_from").notNull(),
    receivedTo: time("received_to").notNull(),
    detectors: text("detectors").array().notNull(),
    bytes: bytea("bytes").notNull(),
  },
  (table) => [index("alert_index_seq").on(table.seqTo)],
);

/** Whatever stands in the queue: groups, and later the roll-ups and incidents that hold them. */
export const item = pgTable(
  "item",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind").$type<ItemKind>().notNull(),
    /** Identity of a group; null for what has members. */
    fingerprint: text("fingerprint"),
    /** Moves with what people see and decide. */
    version: integer("version").notNull(),
    /** The change sequence of the last change of any kind. */
    changedSeq: long("changed_seq").notNull(),
    title: text("title").notNull(),
    source: text("source").notNull(),
    rule: text("rule").notNull(),
    severity: text("severity").$type<Severity>().notNull(),
    environment: text("environment").notNull(),
    /** False while no match rule of the policy places it; it then counts as production. */
    environmentMapped: boolean("environment_mapped").notNull(),
    environmentBecause: text("environment_because").notNull(),
    nativeSeverity: text("native_severity"),
    service: text("service"),
    band: smallint("band").notNull(),
    score: smallint("score").notNull(),
    factors: jsonb("factors").$type<Factor[]>().notNull(),
    status: text("status").$type<ItemStatus>().notNull(),
    cleared: boolean("cleared").notNull(),
    hiddenBy: text("hidden_by").$type<Hidden["by"]>(),
    hiddenId: text("hidden_id"),
    hiddenBecause: text("hidden_because"),
    episode: integer("episode").notNull(),
    count: long("count").notNull(),
    occurrences: long("occurrences").notNull(),
    memberCount: integer("member_count").notNull(),
    entityCount: integer("entity_count").notNull(),
    /** At most 64. */
    entities: jsonb("entities").$type<Entity[]>().notNull(),
    firstSeen: time("first_seen").notNull(),
    lastSeen: time("last_seen").notNull(),
    occurredAt: time("occurred_at").notNull(),
    assignee: text("assignee"),
    acknowledgedBy: text("acknowledged_by"),
    acknowledgedAt: time("acknowledged_at"),
    snoozedUntil: time("snoozed_until"),
    snoozedUntilChange: boolean("snoozed_until_change").notNull(),
    verdict: text("verdict").$type<Verdict>(),
    verdictReason: text("verdict_reason"),
    resolvedBy: text("resolved_by"),
    resolvedAt: time("resolved_at"),
    /** Score and entities when a person judged it, to see that it rose since. */
    judgedScore: smallint("judged_score"),
    judgedEntities: integer("judged_entities"),
    /** When the first firing instance lapses unless repeated. */
    firingUntil: time("firing_until"),
    techniques: text("techniques").array().notNull(),
    noteCount: integer("note_count").notNull(),
    evidenceCount: integer("evidence_count").notNull(),
    runbookUrl: text("runbook_url"),
    changeId: uuid("change_id"),
    rollupId: uuid("rollup_id"),
    incidentId: uuid("incident_id"),
    drill: boolean("drill").notNull(),
    description: text("description"),
    labels: jsonb("labels").$type<Record<string, string>>().notNull(),
    links: jsonb("links").$type<Link[]>().notNull(),
    lastIndex: uuid("last_index"),
    memory: jsonb("memory").$type<GroupMemory>(),
  },
  (table) => [
    uniqueIndex("item_fingerprint").on(table.fingerprint),
    index("item_changed").on(table.changedSeq),
    index("item_queue")
      .on(table.band, table.score.desc(), table.lastSeen.desc(), table.id)
      .where(
        sql`${table.status} <> 'resolved' and ${table.rollupId} is null and ${table.incidentId} is null`,
      ),
    index("item_rollup").on(table.rollupId).where(sql`${table.rollupId} is not null`),
    index("item_incident").on(table.incidentId).where(sql`${table.incidentId} is not null`),
    index("item_firing").on(table.firingUntil).where(sql`${table.firingUntil} is not null`),
    index("item_snoozed").on(table.snoozedUntil).where(sql`${table.snoozedUntil} is not null`),
    index("item_silenced").on(table.hiddenId, table.id).where(sql`${table.hiddenBy} = 'silence'`),
  ],
);

/** Finds items by what they are about; a value too long for an index stands as its hash. */
export const itemEntity = pgTable(
  "item_entity",
  {
    itemId: uuid("item_id").notNull(),
    type: text("type").$type<EntityType>().notNull(),
    value: text("value").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.itemId, table.type, table.value] }),
    index("item_entity_value").on(table.type, table.value),
  ],
);

/** What triage did to an item, one row a turn of its story, never one an alert. */
export const itemEvent = pgTable(
  "item_event",
  {
    id: uuid("id").primaryKey(),
    itemId: uuid("item_id").notNull(),
    at: time("at").notNull(),
    event: text("event").notNull(),
    because: text("because").notNull(),
  },
  (table) => [index("item_event_item").on(table.itemId, table.id)],
);

export const note = pgTable(
  "note",
  {
    id: uuid("id").primaryKey(),
    itemId: uuid("item_id").notNull(),
    actionId: uuid("action_id").notNull(),
    author: text("author").notNull(),
    text: text("text").notNull(),
    at: time("at").notNull(),
    undoneAt: time("undone_at"),
  },
  (table) => [index("note_item").on(table.itemId, table.id), index("note_action").on(table.actionId)],
);

export const action = pgTable(
  "action",
  {
    id: uuid("id").primaryKey(),
    at: time("at").notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    verb: text("verb").$type<ActionName>().notNull(),
    undoneAt: time("undone_at"),
  },
  (table) => [index("action_at").on(table.at)],
);

/** What one action changed on one item: the fields before and after, so that it can be taken back. */
export const actionItem = pgTable(
  "action_item",
  {
    actionId: uuid("action_id").notNull(),
    itemId: uuid("item_id").notNull(),
    before: jsonb("before").$type<Record<string, unknown>>().notNull(),
    after: jsonb("after").$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.actionId, table.itemId] })],
);

/** Written in the transaction of what it tells of. The chain columns are filled by one sealer later. */
export const audit = pgTable(
  "audit",
  {
    id: uuid("id").primaryKey(),
    at: time("at").notNull(),
    actorId: text("actor_id").notNull(),
    actorName: text("actor_name").notNull(),
    verb: text("verb").notNull(),
    itemId: uuid("item_id"),
    actionId: uuid("action_id"),
    details: jsonb("details").$type<Record<string, unknown>>().notNull(),
    requestId: text("request_id").notNull(),
    previousHash: bytea("previous_hash"),
    hash: bytea("hash"),
  },
  (table) => [index("audit_item").on(table.itemId, table.id)],
);

/** When a detector was first and last heard of in an environment. */
export const detector = pgTable(
  "detector",
  {
    source: text("source").notNull(),
    rule: text("rule").notNull(),
    environment: text("environment").notNull(),
    firstSeen: time("first_seen").notNull(),
    lastSeen: time("last_seen").notNull(),
    alerts: long("alerts").notNull(),
    groups: long("groups").notNull(),
  },
  (table) => [primaryKey({ columns: [table.source, table.rule, table.environment] })],
);

/** Hourly sums for reports, so that none has to scan. */
export const tally = pgTable(
  "tally",
  {
    hour: time("hour").notNull(),
    source: text("source").notNull(),
    environment: text("environment").notNull(),
    service: text("service").notNull(),
    received: long("received").notNull(),
    created: long("created").notNull(),
    shown: long("shown").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.source, table.environment, table.service] })],
);

export const person = pgTable(
  "person",
  {
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    role: text("role").$type<Role>().notNull(),
    environments: text("environments").array(),
    services: text("services").array(),
    createdAt: time("created_at").notNull(),
    lastSignInAt: time("last_sign_in_at"),
  },
  (table) => [uniqueIndex("person_name").on(table.name)],
);

export type CredentialKind = "api" | "session" | "access" | "refresh";

/** Every secret we gave out, as its SHA-256 only. */
export const credential = pgTable(
  "credential",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind").$type<CredentialKind>().notNull(),
    hash: text("hash").notNull(),
    name: text("name").notNull(),
    /** Null for API tokens, which stand for themselves. */
    personId: uuid("person_id"),
    scopes: text("scopes").array().$type<ScopeName[]>().notNull(),
    environments: text("environments").array(),
    services: text("services").array(),
    severityCeiling: text("severity_ceiling").$type<Severity>(),
    /** Credentials that came out of one sign-in; revoked together. */
    family: uuid("family"),
    createdBy: text("created_by").notNull(),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    lastUsedAt: time("last_used_at"),
    revokedAt: time("revoked_at"),
    /** A refresh token that was exchanged; its second use revokes the family. */
    replacedAt: time("replaced_at"),
  },
  (table) => [
    uniqueIndex("credential_hash").on(table.hash),
    index("credential_family").on(table.family),
    index("credential_expires").on(table.expiresAt),
  ],
);

export const signInLink = pgTable("sign_in_link", {
  hash: text("hash").primaryKey(),
  personId: uuid("person_id").notNull(),
  createdAt: time("created_at").notNull(),
  expiresAt: time("expires_at").notNull(),
  usedAt: time("used_at"),
});

/** RFC 8628 device authorization: an extension that asks to be let in. */
export const pairing = pgTable(
  "pairing",
  {
    deviceHash: text("device_hash").primaryKey(),
    userCode: text("user_code").notNull(),
    client: text("client").notNull(),
    status: text("status").$type<"pending" | "approved" | "denied" | "used">().notNull(),
    personId: uuid("person_id"),
    createdAt: time("created_at").notNull(),
    expiresAt: time("expires_at").notNull(),
    polledAt: time("polled_at"),
  },
  (table) => [uniqueIndex("pairing_user_code").on(table.userCode)],
);

export const idempotency = pgTable(
  "idempotency",
  {
    actorId: text("actor_id").notNull(),
    /** Method and path. */
    route: text("route").notNull(),
    key: text("key").notNull(),
    bodyHash: text("body_hash").notNull(),
    status: smallint("status").notNull(),
    answer: jsonb("answer").$type<unknown>().notNull(),
    createdAt: time("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.actorId, table.route, table.key] }),
    index("idempotency_created").on(table.createdAt),
  ],
);

export const policyVersion = pgTable("policy_version", {
  version: integer("version").primaryKey(),
  document: jsonb("document").$type<Policy>().notNull(),
  author: text("author").notNull(),
  at: time("at").notNull(),
});
