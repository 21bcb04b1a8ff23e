const firstMs = 1_000;
const longestMs = 60_000;

/**
 * Milliseconds to wait after the given number of failed attempts (1 or more): doubling from a second to a
 * minute, spread by a fifth so that many browsers do not return at once. `random` is in [0, 1).
 */
export function backoffMs(attempts: number, random: number): number {
  const wait = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 10));
  return Math.round(wait * (0.8 + 0.4 * random));
}
