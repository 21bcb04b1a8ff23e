const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long each thing we give out is good for, in milliseconds. */
export const lifetimes = {
  link: 15 * minute,
  /** Fixed, not sliding: a shift and a bit, and a cookie left behind ends by itself. */
  session: 12 * hour,
  access: hour,
  /** From its own issue, so that a browser in use stays paired. */
  refresh: 30 * day,
  pairing: 10 * minute,
} as const;

export const shortestToken = minute;
export const longestToken = 365 * day;

/** RFC 8628 section 3.2. */
export const pollEvery = 5 * second;

/** How long a refresh token that was exchanged may be sent again, for a worker that died before it stored. */
export const resendGrace = 30 * second;
