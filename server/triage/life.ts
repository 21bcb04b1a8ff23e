import type { Policy } from "../../shared/policy.ts";
import type { GroupState } from "./group-state.ts";

const dayMs = 86_400_000;
/** More than repetition alone can add, so that a group does not come back by firing often. */
const scoreRise = 6;

/** What a group was before alerts were counted into it. */
export type Before = Pick<
  GroupState,
  "status" | "band" | "hidden" | "severity" | "entityCount" | "cleared" | "count" | "resolvedAt" | "verdict"
>;

/** One turn in the story of a group. */
export interface Turn {
  event:
    | "created"
    | "reopened"
    | "raised"
    | "lowered"
    | "cleared"
    | "hidden"
    | "shown"
    | "woken"
    | "resolved";
  because: string;
}

/**
 * Whether an alert that just arrived brings a resolved group back. One that was received before a person resolved it
 * belongs to what was resolved; after a false or benign verdict the group stays away while it is remembered,
 * unless its score or its entities rise. What resolved by itself did so because nothing fired, so it is back at once.
 */
export function comesBack(group: GroupState, receivedAt: number, policy: Policy): boolean {
  if (group.status !== "resolved" || group.resolvedAt === null) return false;
  if (group.resolvedBy === null) return true;
  if (receivedAt <= group.resolvedAt) return false;
  const harmless = group.verdict === "false_positive" || group.verdict === "benign_true_positive";
  const remembered = receivedAt - group.resolvedAt < policy.verdictMemoryDays * dayMs;
  if (!harmless || !remembered) return true;
  return (
    group.score >= (group.judgedScore ?? 0) + scoreRise || group.entityCount > (group.judgedEntities ?? 0)
  );
}

/** Starts the next episode. Notes, owner and the last verdict stay. Changes `group`. */
export function reopen(group: GroupState): Turn {
  const because =
    group.verdict === null
      ? "It fired again after it had cleared"
      : `It fired again after it was resolved as ${group.verdict.replaceAll("_", " ")}`;
  group.episode += 1;
  group.status = "open";
  group.acknowledgedBy = null;
  group.acknowledgedAt = null;
  group.resolvedBy = null;
  group.resolvedAt = null;
  return { event: "reopened", because };
}

/** Ends a snooze that waits for a change, when there is one. Changes `group`. */
export function wakeOnChange(group: GroupState, before: Before): Turn | null {
  if (group.status !== "snoozed" || !group.snoozedUntilChange) return null;
  const because = whatChanged(group, before);
  if (because === null) return null;
  group.status = group.acknowledgedBy === null ? "open" : "acknowledged";
  group.snoozedUntil = null;
  group.snoozedUntilChange = false;
  return { event: "woken", because };
}

function whatChanged(group: GroupState, before: Before): string | null {
  if (group.band < before.band) return `It rose from P${before.band} to P${group.band}`;
  if (group.severity !== before.severity) return `Its severity is ${group.severity} now`;
  if (group.entityCount > before.entityCount) return "It touches something new";
  return before.cleared && !group.cleared ? "It fires again" : null;
}

/**
 * P3 and below resolve by themselves when nothing fires any more; P1 and P2 wait for a person, unless they never
 * fired here. Changes `group`.
 */
export function resolveCleared(group: GroupState, at: number): Turn | null {
  if (!group.cleared || group.status === "resolved") return null;
  if (group.band < 3 && group.occurrences > 0) return null;
  group.status = "resolved";
  group.resolvedAt = at;
  group.resolvedBy = null;
  group.verdict = null;
  group.snoozedUntil = null;
  group.snoozedUntilChange = false;
  return { event: "resolved", because: "Nothing of it fires any more" };
}
