import type { Alert } from "../../shared/alert.ts";
import type { FiringInstance, GroupState } from "./group-state.ts";

/** The end of the year 9999: what lies behind it no store can write, and is never. */
const latestTime = 253_402_300_799_999;
const mostInstances = 64;

/** A repeat that the format defines as a sign of life, not as a new occurrence. */
export function isHeartbeat(group: GroupState, { hints }: Alert): boolean {
  if (hints?.heartbeatKey === undefined) return false;
  return group.memory.firing[firingKey(hints)]?.beat === hints.heartbeatKey;
}

/**
 * Tracks what fires by the sender's key. A group whose sender never says `resolved` has one instance that never
 * lapses. When none fires any more the group is cleared.
 */
export function foldFiring(group: GroupState, alert: Alert, receivedAt: number): void {
  const { firing } = group.memory;
  const key = firingKey(alert.hints);
  const until = lapseOf(alert);
  if (alert.status === "resolved" || (until !== null && until <= receivedAt)) {
    delete firing[key];
    group.cleared = Object.keys(firing).length === 0;
    return;
  }
  if (Object.hasOwn(firing, key) || Object.keys(firing).length < mostInstances) {
    firing[key] = { until, beat: alert.hints?.heartbeatKey ?? null };
  }
  group.cleared = false;
}

/** Drops the instances that were not repeated in time. Changes `group`. */
export function lapse(group: GroupState, now: number): void {
  for (const [key, { until }] of Object.entries(group.memory.firing)) {
    if (until !== null && until <= now) delete group.memory.firing[key];
  }
  group.firingUntil = nextLapse(group.memory.firing);
  group.cleared = Object.keys(group.memory.firing).length === 0;
}

/** When the first of them lapses; null when none ever does. */
export function nextLapse(firing: Record<string, FiringInstance>): number | null {
  const ends = Object.values(firing).flatMap(({ until }) => (until === null ? [] : [until]));
  return ends.length === 0 ? null : Math.min(...ends);
}

/** The sign in front keeps a sender's `__proto__` an ordinary name. */
function firingKey(hints: Alert["hints"]): string {
  return hints?.instanceKey === undefined ? "" : `=${hints.instanceKey}`;
}

function lapseOf({ hints }: Alert): number | null {
  const until = hints?.expiresAt === undefined ? Number.NaN : Date.parse(hints.expiresAt);
  return Number.isNaN(until) || until > latestTime ? null : until;
}
