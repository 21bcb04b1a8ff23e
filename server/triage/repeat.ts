import type { Content } from "./content.ts";
import { isHeartbeat } from "./firing.ts";
import type { GroupState } from "./group-state.ts";
import { occurrence, type Prepared } from "./prepare.ts";
import { countOccurrence, hourMs, occurrencesLately, roomBelowNextStep } from "./volume.ts";

const dayMs = 86_400_000;

/** What an alert has to be, and until when, to change nothing of a group but its counts and times. */
export interface Repeatable {
  content: Content;
  /** Whether the format defines such a repeat as a sign of life. */
  heartbeat: boolean;
  /** Epoch ms, `from` included and `to` not. */
  from: number;
  to: number;
  /** Occurrences up to which the score stays. */
  mostOccurrences: number;
}

/**
 * What may be counted without another look after `run` has taken in this alert: the same said again within the
 * hour, while neither its number nor its age moves the score. Null when the next alert has to be looked at anyway.
 */
export function repeatableAfter(group: GroupState, last: Prepared, content: Content): Repeatable | null {
  const { alert, receivedAt } = last;
  const passes = alert.status === "resolved" || alert.hints?.expiresAt !== undefined;
  if (passes || group.cleared || group.status === "resolved") return null;
  const hour = Math.floor(receivedAt / hourMs);
  const noveltyEnds = group.memory.novelty === "none" ? null : group.firstSeen + dayMs;
  const to = Math.min(
    (hour + 1) * hourMs,
    noveltyEnds !== null && noveltyEnds > receivedAt ? noveltyEnds : Infinity,
  );
  return {
    content,
    heartbeat: isHeartbeat(group, alert),
    from: hour * hourMs,
    to,
    mostOccurrences: group.occurrences + roomBelowNextStep(occurrencesLately(group, receivedAt)),
  };
}

/** Counts an alert into its group when it only repeats; false when `run` has to look at it. Changes `group`. */
export function countRepeat(
  group: GroupState,
  { heartbeat, from, to, mostOccurrences }: Repeatable,
  receivedAt: number,
  said: number | null,
): boolean {
  if (receivedAt < from || receivedAt >= to) return false;
  if (!heartbeat && group.occurrences >= mostOccurrences) return false;
  const occurredAt = occurrence(said, receivedAt);
  if (occurredAt === null) return false;
  group.count += 1;
  group.lastSeen = Math.max(group.lastSeen, receivedAt);
  group.occurredAt = Math.max(group.occurredAt, occurredAt);
  if (!heartbeat) countOccurrence(group, receivedAt);
  return true;
}
