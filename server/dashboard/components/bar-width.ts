/** From a hundred thousand alerts to two real ones: only a logarithm keeps the small steps visible. */
export function barWidth(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.max(1, Math.round((Math.log10(value + 1) / Math.log10(most + 1)) * 100));
}
