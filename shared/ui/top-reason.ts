import type { Factor } from "../group.ts";

/**
 * The sentence a person decides from: the factor that adds the most among those that tell more than band, severity
 * and environment do, which stand beside it; without any of them, the strongest. Null when nothing adds points.
 */
export function topReason(factors: readonly Factor[]): string | null {
  const telling = factors.filter(({ name }) => name !== "severity" && name !== "environment");
  return (strongest(telling) ?? strongest(factors))?.because ?? null;
}

function strongest(factors: readonly Factor[]): Factor | null {
  let top: Factor | null = null;
  for (const factor of factors) {
    if (factor.points > (top?.points ?? 0)) top = factor;
  }
  return top;
}
