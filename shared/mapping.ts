import * as v from "valibot";
import { EntityRole, EntityType, limits, Severity } from "./alert.ts";

const longestExpression = 1_000;

/** A JMESPath expression; see docs/sending-alerts.md for what is taken of the language. */
export const Expression = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(longestExpression));

const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));
const message = "an expression, or an object with a constant";

/** Where a text of the alert comes from: an expression, or the same for every alert. */
export const FieldRule = v.union([Expression, v.strictObject({ constant: text(1_024) })], message);
export type FieldRule = v.InferOutput<typeof FieldRule>;

/** Severity as the record says it, by the table or an ordinary word; `otherwise` where neither knows it. */
export const SeverityRule = v.union(
  [
    v.strictObject({ constant: Severity }),
    v.strictObject({
      from: Expression,
      table: v.optional(v.record(text(128), Severity), {}),
      otherwise: v.optional(Severity, "medium"),
    }),
  ],
  "an object with a constant severity, or with from, table and otherwise",
);
export type SeverityRule = v.InferOutput<typeof SeverityRule>;

/** An alert is resolved when `from` gives one of these words, and firing otherwise. */
const StatusRule = v.strictObject({
  from: Expression,
  resolved: v.pipe(v.array(text(128)), v.minLength(1), v.maxLength(32)),
});

const EntityRule = v.strictObject({
  type: EntityType,
  role: v.optional(EntityRole, "target"),
  /** One text or a list of them. */
  value: FieldRule,
});

const LinkRule = v.strictObject({ href: FieldRule, text: v.optional(text(limits.title)) });

/** Names that stand for something else in the address of `POST /api/v1/ingest/{name}`. */
const taken = ["auto", "try", "mapped"];

/** How a source without an adapter is read: each field of the alert by an expression on the record. */
export const Mapping = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(/^[a-z][a-z0-9-]{1,63}$/, "2 to 64 small letters, digits and hyphens, a letter first"),
    v.check((name) => !taken.includes(name), "a name of its own; this one is taken"),
  ),
  /** True for records that `POST /api/v1/ingest` takes for this source; never found out when left out. */
  match: v.optional(Expression),
  /** The list of events in one record; the record itself when left out. In the fields `$` is the record. */
  records: v.optional(Expression),
  /** The mapping's name when left out. */
  source: v.optional(FieldRule),
  rule: FieldRule,
  title: FieldRule,
  severity: SeverityRule,
  environment: v.optional(FieldRule),
  service: v.optional(FieldRule),
  occurredAt: v.optional(FieldRule),
  status: v.optional(StatusRule),
  description: v.optional(FieldRule),
  /** One group per list of these values; computed from the entities when left out. */
  identity: v.optional(v.pipe(v.array(Expression), v.maxLength(16)), []),
  entities: v.optional(v.pipe(v.array(EntityRule), v.maxLength(32)), []),
  techniques: v.optional(FieldRule),
  labels: v.optional(
    v.pipe(
      v.record(text(limits.labelName), FieldRule),
      v.check((labels) => Object.keys(labels).length <= limits.labels, `at most ${limits.labels} labels`),
    ),
    {},
  ),
  links: v.optional(v.pipe(v.array(LinkRule), v.maxLength(8)), []),
  runbookUrl: v.optional(FieldRule),
});
export type Mapping = v.InferOutput<typeof Mapping>;
export type MappingInput = v.InferInput<typeof Mapping>;
