import type { Factor } from "../group.ts";

function signed(points: number): string {
  const rounded = Math.round(points * 10) / 10;
  if (rounded === 0) return "0";
  return rounded < 0 ? `−${-rounded}` : `+${rounded}`;
}

function FactorRow({ factor, most }: { factor: Factor; most: number }) {
  const share = Math.round((Math.abs(factor.points) / most) * 100);
  return (
    <li class={factor.points < 0 ? "factor factor-less" : "factor"} data-factor={factor.name}>
      <span class="factor-name">{factor.name}</span>
      <span class="factor-track" aria-hidden="true">
        <span class="factor-bar" style={{ width: `${share}%` }} />
      </span>
      <span class="factor-points">{signed(factor.points)}</span>
      <span class="factor-because">{factor.because}</span>
    </li>
  );
}

/** Every summand of a score, strongest first, each with its points and its sentence. */
export function FactorList({ factors }: { factors: readonly Factor[] }) {
  const ranked = [...factors].sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const most = Math.max(1, ...ranked.map((factor) => Math.abs(factor.points)));
  return (
    <ul class="factors" aria-label="Factors of the score">
      {ranked.map((factor) => (
        <FactorRow key={`${factor.name}:${factor.because}`} factor={factor} most={most} />
      ))}
    </ul>
  );
}
