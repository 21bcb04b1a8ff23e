import { computed, effect, signal } from "@preact/signals";
import { neighbour, stepFrom } from "./cursor-step.ts";
import { listing } from "./queue.ts";

/** The row that single keys act on. */
export const cursorId = signal<string | null>(null);
export const cursorItem = computed(
  () => listing.value.items.find((item) => item.id === cursorId.value) ?? null,
);

export function focusRow(id: string): void {
  const row = document.querySelector<HTMLElement>(`[data-item-id="${CSS.escape(id)}"] a`);
  row?.focus({ preventScroll: true });
  row?.closest("li")?.scrollIntoView({ block: "nearest" });
}

export function moveCursor(by: 1 | -1): string | null {
  const order = listing.value.items.map((item) => item.id);
  const id = stepFrom(cursorId.value, order, by);
  cursorId.value = id;
  if (id !== null) focusRow(id);
  return id;
}

/** When the current row leaves, its neighbour becomes current and takes the focus that fell to the page. */
export function followListing(): () => void {
  let order: readonly string[] = [];
  return effect(() => {
    const ids = listing.value.items.map((item) => item.id);
    const current = cursorId.peek();
    if (current !== null && !ids.includes(current)) {
      const next = neighbour(order, current, ids);
      cursorId.value = next;
      setTimeout(() => {
        if (next !== null && document.activeElement === document.body) focusRow(next);
      });
    }
    order = ids;
  });
}
