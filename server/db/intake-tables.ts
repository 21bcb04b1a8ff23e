import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });
const long = (name: string) => bigint(name, { mode: "number" });

/** Who sends, in which format, and how far they reach. */
const sentBy = () => ({
  actorId: text("actor_id").notNull(),
  actorName: text("actor_name").notNull(),
  environments: text("environments").array(),
  services: text("services").array(),
  format: text("format").notNull(),
});

/** The last rejects of each sender and format. */
export const reject = pgTable(
  "reject",
  {
    id: uuid("id").primaryKey(),
    at: time("at").notNull(),
    ...sentBy(),
    code: text("code").notNull(),
    message: text("message").notNull(),
    /** Place of the alert in its request; null for a whole body. */
    place: integer("place"),
    /** Bytes, for it may be any bytes: what a column of text does not hold is a reason to be rejected. */
    payload: bytea("payload").notNull(),
    size: integer("size"),
    isCut: boolean("is_cut").notNull(),
    requestId: text("request_id").notNull(),
  },
  (table) => [index("reject_sender").on(table.actorId, table.format, table.id)],
);

/** When a sender was last heard of in a format. */
export const sender = pgTable(
  "sender",
  {
    ...sentBy(),
    lastAt: time("last_at").notNull(),
    lastRejectAt: time("last_reject_at"),
    lastRejectCode: text("last_reject_code"),
    lastRejectMessage: text("last_reject_message"),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.format] })],
);

/** What came from a sender in an hour; kept for two days. */
export const senderHour = pgTable(
  "sender_hour",
  {
    actorId: text("actor_id").notNull(),
    format: text("format").notNull(),
    hour: time("hour").notNull(),
    requests: long("requests").notNull(),
    received: long("received").notNull(),
    accepted: long("accepted").notNull(),
    rejected: long("rejected").notNull(),
    refused: long("refused").notNull(),
    bytes: long("bytes").notNull(),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.format, table.hour] })],
);
