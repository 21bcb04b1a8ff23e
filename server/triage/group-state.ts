import type { Entity, Link, Severity } from "../../shared/alert.ts";
import type { Factor, Hidden, ItemStatus, Verdict } from "../../shared/group.ts";

/** One firing instance of a group: epoch ms after which it counts as resolved (null: never), last heartbeat. */
export interface FiringInstance {
  until: number | null;
  beat: string | null;
}

export type Novelty = "detector" | "environment" | "none";

/** What triage remembers of a group between two alerts; a cache that the log can rebuild. */
export interface GroupMemory {
  /** Occurrences by hour (epoch hours), newest 24. */
  hours: Record<string, number>;
  /** By the sender's key; bounded. */
  firing: Record<string, FiringInstance>;
  /** Hashes of entities beyond the 64 that are kept, to count them once. */
  moreEntities: number[];
  /** Occurrences, and the hour of the last of them, when this was stored: later repeats only count up. */
  stored?: { occurrences: number; hour: number };
  /** First of its detector, first of it in its environment, or neither. */
  novelty: Novelty;
}

/** A group as triage sees it. Times are epoch milliseconds. */
export interface GroupState {
  id: string;
  fingerprint: string;
  /** Moves with what people see and decide. */
  version: number;
  title: string;
  source: string;
  rule: string;
  severity: Severity;
  nativeSeverity: string | null;
  environment: string;
  environmentMapped: boolean;
  environmentBecause: string;
  service: string | null;
  /** 1 to 5. */
  band: number;
  score: number;
  factors: Factor[];
  status: ItemStatus;
  cleared: boolean;
  hidden: Hidden | null;
  episode: number;
  count: number;
  occurrences: number;
  entityCount: number;
  entities: Entity[];
  firstSeen: number;
  lastSeen: number;
  occurredAt: number;
  acknowledgedBy: string | null;
  acknowledgedAt: number | null;
  snoozedUntil: number | null;
  snoozedUntilChange: boolean;
  verdict: Verdict | null;
  resolvedBy: string | null;
  resolvedAt: number | null;
  judgedScore: number | null;
  judgedEntities: number | null;
  /** When the first firing instance lapses unless repeated. */
  firingUntil: number | null;
  techniques: string[];
  runbookUrl: string | null;
  description: string | null;
  labels: Record<string, string>;
  links: Link[];
  memory: GroupMemory;
}

/** In front of a person: P1 to P3, not hidden, open or acknowledged. */
export function isVisible(group: Pick<GroupState, "band" | "hidden" | "status">): boolean {
  return (
    group.band <= 3 && group.hidden === null && (group.status === "open" || group.status === "acknowledged")
  );
}
