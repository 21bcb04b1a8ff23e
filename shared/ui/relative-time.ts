const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How far `at` lies from `now` in one unit: `now`, `5 min`, `3 h`, `2 d`, then a date. Both directions. */
export function relativeTime(at: string, now: number): string {
  const distance = Math.abs(now - Date.parse(at));
  if (Number.isNaN(distance)) return "unknown";
  if (distance < minute) return "now";
  if (distance < hour) return `${Math.floor(distance / minute)} min`;
  if (distance < day) return `${Math.floor(distance / hour)} h`;
  if (distance < 14 * day) return `${Math.floor(distance / day)} d`;
  return new Date(at).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}

/** The full local time with its seconds; the text itself when it is not a time. */
export function exactTime(at: string): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return at;
  return time.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}
