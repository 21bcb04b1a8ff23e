import * as v from "valibot";
import { Entity, Link, Severity } from "./alert.ts";

/** P1 interrupts now, P2 is badged, P3 waits, P4 goes to the digest, P5 is only recorded. */
export const bands = ["P1", "P2", "P3", "P4", "P5"] as const;
export const Band = v.picklist(bands);
export type Band = v.InferOutput<typeof Band>;

export const itemKinds = ["group", "rollup", "incident"] as const;
export const ItemKind = v.picklist(itemKinds);
export type ItemKind = v.InferOutput<typeof ItemKind>;

export const itemStatuses = ["open", "acknowledged", "snoozed", "resolved"] as const;
export const ItemStatus = v.picklist(itemStatuses);
export type ItemStatus = v.InferOutput<typeof ItemStatus>;

export const verdicts = ["true_positive", "benign_true_positive", "false_positive", "undetermined"] as const;
export const Verdict = v.picklist(verdicts);
export type Verdict = v.InferOutput<typeof Verdict>;

export const hiders = ["rule", "silence", "policy", "budget", "inhibition"] as const;
export const Hidden = v.object({ by: v.picklist(hiders), id: v.string(), because: v.string() });
export type Hidden = v.InferOutput<typeof Hidden>;

export const factorNames = ["severity", "environment", "threat", "service", "volume", "novelty"] as const;
export const FactorName = v.picklist(factorNames);
export type FactorName = v.InferOutput<typeof FactorName>;

/** One summand of the score: points (may be negative) and the sentence a person reads. */
export const Factor = v.object({ name: FactorName, points: v.number(), because: v.string() });
export type Factor = v.InferOutput<typeof Factor>;

/** What stands in the queue. Times are RFC 3339 UTC. */
export const Item = v.object({
  id: v.string(),
  kind: ItemKind,
  version: v.number(),
  title: v.string(),
  source: v.string(),
  rule: v.string(),
  severity: Severity,
  environment: v.string(),
  service: v.nullable(v.string()),
  band: Band,
  score: v.number(),
  factors: v.array(Factor),
  status: ItemStatus,
  cleared: v.boolean(),
  hidden: v.nullable(Hidden),
  episode: v.number(),
  count: v.number(),
  occurrences: v.number(),
  memberCount: v.number(),
  entityCount: v.number(),
  /** At most eight, targets first. */
  entities: v.array(Entity),
  firstSeen: v.string(),
  lastSeen: v.string(),
  assignee: v.nullable(v.string()),
  acknowledgedBy: v.nullable(v.string()),
  acknowledgedAt: v.nullable(v.string()),
  snoozedUntil: v.nullable(v.string()),
  verdict: v.nullable(Verdict),
  techniques: v.array(v.string()),
  noteCount: v.number(),
  evidenceCount: v.number(),
  runbookUrl: v.nullable(v.string()),
  changeId: v.nullable(v.string()),
  rollupId: v.nullable(v.string()),
  incidentId: v.nullable(v.string()),
  drill: v.boolean(),
});
export type Item = v.InferOutput<typeof Item>;

export const Note = v.object({ id: v.string(), author: v.string(), text: v.string(), at: v.string() });
export type Note = v.InferOutput<typeof Note>;

/** `GET /items/{id}`: the item with everything a person decides from. */
export const ItemDetail = v.object({
  ...Item.entries,
  description: v.nullable(v.string()),
  labels: v.record(v.string(), v.string()),
  links: v.array(Link),
  /** At most 64; `entityCount` says how many there were. */
  allEntities: v.array(Entity),
  /** How the environment was found, as a sentence. */
  environmentBecause: v.string(),
  nativeSeverity: v.nullable(v.string()),
  resolvedBy: v.nullable(v.string()),
  resolvedAt: v.nullable(v.string()),
  verdictReason: v.nullable(v.string()),
  notes: v.array(Note),
});
export type ItemDetail = v.InferOutput<typeof ItemDetail>;

/** One original alert, as `GET /groups/{id}/alerts` lists it. */
export interface StoredAlert {
  id: string;
  group: string | null;
  receivedAt: string;
  occurredAt: string;
  format: string;
  source: string;
  rule: string;
  title: string;
  severity: Severity;
  description: string | null;
  /** The text as it was received, so that no number or space of it is lost. */
  original: string;
}

/** One line of `GET /items/{id}/timeline`, newest first. */
export interface TimelineEntry {
  id: string;
  at: string;
  /** A person's display name, or `quietwatch`. */
  actor: string;
  /** created, reopened, raised, lowered, cleared, hidden, shown, acknowledge, annotate, … */
  event: string;
  because: string;
  /** Set for a person's action that can still be undone. */
  actionId: string | null;
  undone: boolean;
}
