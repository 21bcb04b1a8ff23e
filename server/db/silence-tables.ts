import { boolean, index, jsonb, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import type { SilenceMatcher } from "../../shared/silence.ts";

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/**
 * Where a silence stands: `pending` until its start; `hiding` while existing groups are looked through; `active`;
 * `showing` once it is over, while what it hid is shown again; `ended`.
 */
export type SilencePhase = "pending" | "hiding" | "active" | "showing" | "ended";

export const silence = pgTable(
  "silence",
  {
    id: uuid("id").primaryKey(),
    /** Whose words the matchers are: our own API's fields and labels, or Alertmanager's labels. */
    dialect: text("dialect").$type<"own" | "alertmanager">().notNull(),
    matchers: jsonb("matchers").$type<SilenceMatcher[]>().notNull(),
    reason: text("reason").notNull(),
    authorId: text("author_id").notNull(),
    author: text("author").notNull(),
    /** Whom a client of the stand-in named as its author. */
    createdBy: text("created_by"),
    /** What its author reached, and so what it may hide; null is everything. */
    environments: text("environments").array(),
    services: text("services").array(),
    /** An administrator made it, so it may hide what is production critical. */
    overCritical: boolean("over_critical").notNull(),
    startsAt: time("starts_at").notNull(),
    endsAt: time("ends_at").notNull(),
    createdAt: time("created_at").notNull(),
    updatedAt: time("updated_at").notNull(),
    /** Set when a person ended it before its time. */
    endedAt: time("ended_at"),
    endedBy: text("ended_by"),
    phase: text("phase").$type<SilencePhase>().notNull(),
    /** The group up to which existing ones were looked through. */
    sweptTo: uuid("swept_to"),
  },
  (table) => [index("silence_phase").on(table.phase, table.id), index("silence_ends").on(table.endsAt)],
);
