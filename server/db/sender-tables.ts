import { bigint, boolean, index, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import type { Link } from "../../shared/alert.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/** What detectors say of themselves: that they live. */
export const heartbeat = pgTable("heartbeat", {
  /** As the detector calls itself. */
  detector: text("detector").primaryKey(),
  /** For senders that want one, as Alerta's clients do. */
  id: uuid("id").notNull(),
  intervalMs: bigint("interval_ms", { mode: "number" }).notNull(),
  environment: text("environment"),
  service: text("service"),
  tags: text("tags").array().notNull(),
  /** Whose token the last one came with. */
  sentBy: text("sent_by").notNull(),
  firstSeen: time("first_seen").notNull(),
  lastSeen: time("last_seen").notNull(),
  /** The `lastSeen` after which it fell silent, once an alert says so; null while it lives. */
  silentSince: time("silent_since"),
});

/** Deploys and maintenance that somebody announced. */
export const change = pgTable(
  "change",
  {
    id: uuid("id").primaryKey(),
    at: time("at").notNull(),
    title: text("title").notNull(),
    environment: text("environment"),
    service: text("service"),
    startsAt: time("starts_at").notNull(),
    endsAt: time("ends_at").notNull(),
    links: jsonb("links").$type<Link[]>().notNull(),
    source: text("source"),
    details: jsonb("details").$type<Record<string, string>>().notNull(),
    announcedBy: text("announced_by").notNull(),
  },
  (table) => [index("change_ends").on(table.endsAt)],
);

/** What came of an action that was asked for as in Opsgenie, whose clients ask for it afterwards. */
export const askedAction = pgTable(
  "asked_action",
  {
    id: uuid("id").primaryKey(),
    at: time("at").notNull(),
    actorId: text("actor_id").notNull(),
    action: text("action").notNull(),
    alias: text("alias"),
    itemId: uuid("item_id"),
    isDone: boolean("is_done").notNull(),
    outcome: text("outcome").notNull(),
  },
  (table) => [index("asked_action_at").on(table.at)],
);
