import type { Band } from "../group.ts";

export const bandMeaning: Readonly<Record<Band, string>> = {
  P1: "interrupts a person now",
  P2: "on the badge",
  P3: "waits in the queue",
  P4: "goes to the digest",
  P5: "only recorded",
};

export function BandTag({ band }: { band: Band }) {
  return (
    <span class={`band band-${band}`} title={`${band}: ${bandMeaning[band]}`}>
      {band}
    </span>
  );
}
