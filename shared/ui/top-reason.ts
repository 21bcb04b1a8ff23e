import type { Factor } from "../group.ts";

/** The sentence of the factor that adds the most points; null when nothing adds any. */
export function topReason(factors: readonly Factor[]): string | null {
  let top: Factor | undefined;
  for (const factor of factors) {
    if (factor.points > (top?.points ?? 0)) top = factor;
  }
  return top?.because ?? null;
}
