import { integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** Alerts of the log that triage could not take; they stay in the log and are in no group. */
export const quarantine = pgTable("quarantine", {
  /** The first of them where a whole chunk cannot be read. */
  alertId: uuid("alert_id").primaryKey(),
  alerts: integer("alerts").notNull(),
  error: text("error").notNull(),
  at: timestamp("at", { withTimezone: true, precision: 3, mode: "date" }).notNull(),
});
