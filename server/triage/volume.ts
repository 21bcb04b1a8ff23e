import type { GroupState } from "./group-state.ts";

/** Occurrences in 24 hours from which on there is one more point, two for each power of ten. */
const steps = [4, 10, 32, 100, 317] as const;
export const mostVolumePoints = steps.length;

export const hourMs = 3_600_000;
const keptHours = 24;

/** Counts one occurrence. Changes `group`. */
export function countOccurrence(group: GroupState, receivedAt: number): void {
  group.occurrences += 1;
  const hour = Math.floor(receivedAt / hourMs);
  const { hours } = group.memory;
  const before = hours[hour];
  hours[hour] = (before ?? 0) + 1;
  if (before !== undefined) return;
  const newest = Math.floor(group.lastSeen / hourMs);
  for (const name of Object.keys(hours)) if (Number(name) <= newest - keptHours) delete hours[name];
}

/** Occurrences in the 24 hours up to `now`. */
export function occurrencesLately(group: GroupState, now: number): number {
  const oldest = Math.floor(now / hourMs) - keptHours;
  let sum = 0;
  for (const [hour, count] of Object.entries(group.memory.hours)) if (Number(hour) > oldest) sum += count;
  return sum;
}

/** What so many occurrences in 24 hours add to the score, and how many they are at the least. */
export function volumeOf(lately: number): { points: number; atLeast: number } {
  let points = 0;
  while (points < mostVolumePoints && lately >= (steps[points] ?? 0)) points += 1;
  return { points, atLeast: steps[points - 1] ?? 0 };
}

/** How many more occurrences change nothing in the score. */
export function roomBelowNextStep(lately: number): number {
  const next = steps[volumeOf(lately).points];
  return next === undefined ? Number.POSITIVE_INFINITY : next - lately - 1;
}
