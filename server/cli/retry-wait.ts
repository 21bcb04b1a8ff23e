const firstWaitMs = 250;
const longestWaitMs = 30_000;

/** Answers that mean the server was not reached, is busy or broke: the same request may be taken later. */
export const passingStatus = (status: number) => status >= 500 || [408, 425, 429].includes(status);

/**
 * Milliseconds before the next attempt, counted from 1. What the server asked for is kept to; without that the
 * wait grows, and is drawn so that senders whom one outage held up do not come back in one moment.
 */
export function retryWait(attempt: number, response: Response | null, now = Date.now()): number {
  const asked = retryAfterMs(response?.headers.get("Retry-After") ?? null, now);
  if (asked !== null) return Math.min(longestWaitMs, asked) + Math.random() * firstWaitMs;
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempt - 1, 16)) * (0.5 + Math.random() / 2);
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterMs(value: string | null, now: number): number | null {
  if (value === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
