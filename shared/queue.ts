import * as v from "valibot";
import { EntityType, Severity } from "./alert.ts";
import { Band, Item, ItemStatus } from "./group.ts";

/** A query parameter that may be given once or repeatedly. */
export const many = <T extends v.GenericSchema<string, unknown>>(one: T) =>
  v.optional(
    v.pipe(
      v.union([v.array(v.string()), v.string()]),
      v.transform((value) => (Array.isArray(value) ? value : [value])),
      v.array(one),
      v.maxLength(100),
    ),
  );
const word = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

export const Limit = v.optional(
  v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.minValue(1), v.maxValue(200)),
  "50",
);

/** An entity as `type:value` in a query. */
export const EntityKey = v.pipe(
  v.string(),
  v.regex(/^[a-z]+:.+$/s, "type:value"),
  v.transform((key) => ({ type: key.slice(0, key.indexOf(":")), value: key.slice(key.indexOf(":") + 1) })),
  v.object({ type: EntityType, value: v.string() }),
);

export const QueueQuery = v.object({
  band: many(Band),
  environment: many(word),
  service: many(word),
  source: many(word),
  severity: many(Severity),
  status: many(ItemStatus),
  /** A name, `me`, or `none`. */
  assignee: many(word),
  entity: v.optional(EntityKey),
  hidden: v.optional(v.picklist(["exclude", "include", "only"]), "exclude"),
  flat: v.optional(
    v.pipe(
      v.picklist(["true", "false"]),
      v.transform((flag) => flag === "true"),
    ),
    "false",
  ),
  q: v.optional(v.pipe(v.string(), v.maxLength(256))),
  limit: Limit,
  cursor: v.optional(v.pipe(v.string(), v.maxLength(512))),
});
export type QueueQuery = v.InferOutput<typeof QueueQuery>;

export const Counts = v.object({
  P1: v.number(),
  P2: v.number(),
  P3: v.number(),
  P4: v.number(),
  P5: v.number(),
  hidden: v.number(),
});
export type Counts = v.InferOutput<typeof Counts>;

export const QueueAnswer = v.object({
  items: v.array(Item),
  next: v.nullable(v.string()),
  counts: Counts,
  /** Change sequence; moves whenever anything in this actor's scope changed. */
  version: v.number(),
});
export type QueueAnswer = v.InferOutput<typeof QueueAnswer>;

/** The shape of every list. */
export interface Page<T> {
  items: T[];
  next: string | null;
}
