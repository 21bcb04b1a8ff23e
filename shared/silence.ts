import * as v from "valibot";
import { limits, Time } from "./alert.ts";
import { Limit, many } from "./queue.ts";

export const silenceLimits = {
  matchers: 32,
  /** Characters of a regular expression; label values and titles have limits of their own. */
  pattern: 512,
  reason: 1_024,
  days: 90,
  /** That have not ended, in the whole store. */
  atOnce: 1_000,
} as const;

/** Fields of a group that a matcher may name; every other name is a label's. */
export const silenceFields = ["source", "rule", "environment", "service", "severity", "title"] as const;
export type SilenceField = (typeof silenceFields)[number];

/**
 * One condition on a label or a field. What is not there counts as empty text. A regular expression is RE2's and has
 * to match the whole value.
 */
export const SilenceMatcher = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(limits.labelName)),
  value: v.pipe(v.string(), v.maxLength(limits.title)),
  isRegex: v.optional(v.boolean(), false),
  isEqual: v.optional(v.boolean(), true),
});
export type SilenceMatcher = v.InferOutput<typeof SilenceMatcher>;

const Matchers = v.pipe(v.array(SilenceMatcher), v.minLength(1), v.maxLength(silenceLimits.matchers));

export const CreateSilenceInput = v.object({
  reason: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(silenceLimits.reason)),
  matchers: Matchers,
  /** Now when left out. */
  startsAt: v.optional(Time),
  endsAt: Time,
});
export type CreateSilenceInput = v.InferOutput<typeof CreateSilenceInput>;

export const silenceStates = ["pending", "active", "ended"] as const;
export const SilenceState = v.picklist(silenceStates);
export type SilenceState = v.InferOutput<typeof SilenceState>;

export const SilencesQuery = v.object({
  state: many(SilenceState),
  limit: Limit,
  cursor: v.optional(v.pipe(v.string(), v.uuid())),
});
export type SilencesQuery = v.InferOutput<typeof SilencesQuery>;

/** A rule that hides for a while. Times are RFC 3339 UTC. */
export const Silence = v.object({
  id: v.string(),
  state: SilenceState,
  reason: v.string(),
  author: v.string(),
  /** Whom a client of the Alertmanager stand-in named; null for silences made here. */
  createdBy: v.nullable(v.string()),
  matchers: v.array(SilenceMatcher),
  /** What it may hide: what its author reached; null is everything. */
  environments: v.nullable(v.array(v.string())),
  services: v.nullable(v.array(v.string())),
  /** It may hide what is production critical, because an administrator made it. */
  overCritical: v.boolean(),
  startsAt: v.string(),
  endsAt: v.string(),
  createdAt: v.string(),
  updatedAt: v.string(),
  endedAt: v.nullable(v.string()),
  endedBy: v.nullable(v.string()),
  /** Groups in the caller's scope that it hides now. */
  hides: v.number(),
});
export type Silence = v.InferOutput<typeof Silence>;
