import { signal } from "@preact/signals";

const query = matchMedia("(max-width: 1079px)");

/** The item covers the list instead of standing beside it. */
export const isNarrow = signal(query.matches);

export function followWidth(): void {
  query.addEventListener("change", () => {
    isNarrow.value = query.matches;
  });
}
