/** Nine in the morning of the next day where the person is, as RFC 3339 UTC. */
export function tomorrowMorning(now: number): string {
  const time = new Date(now);
  time.setDate(time.getDate() + 1);
  time.setHours(9, 0, 0, 0);
  return time.toISOString();
}
