const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

export const durationPattern = /^(?:\d{1,6}[wdhms])+$/;

/** Milliseconds of a duration such as `90s`, `30m`, `1h30m`, `7d`; null when it is not one. */
export function parseDuration(text: string): number | null {
  if (!durationPattern.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([wdhms])/g)) {
    total += Number(amount) * units[unit as keyof typeof units];
  }
  return total > 0 ? total : null;
}
