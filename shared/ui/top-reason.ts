import type { Factor } from "../group.ts";

function strongest(factors: readonly Factor[]): Factor | null {
  let top: Factor | null = null;
  for (const factor of factors) {
    if (factor.points > (top?.points ?? 0)) top = factor;
  }
  return top;
}

/** The sentence of the factor that adds the most points; null when nothing adds any. */
export function topReason(factors: readonly Factor[]): string | null {
  return strongest(factors)?.because ?? null;
}

/**
 * The top reason, and where that is only what band and environment say already, the strongest that tells
 * more: "Severity is critical; first time on this host".
 */
export function whyNow(factors: readonly Factor[]): string[] {
  const top = strongest(factors);
  if (top === null) return [];
  const isTelling = (factor: Factor) => factor.name !== "severity" && factor.name !== "environment";
  const telling = isTelling(top) ? null : strongest(factors.filter(isTelling));
  return telling === null ? [top.because] : [top.because, telling.because];
}
