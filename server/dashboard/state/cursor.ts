import { computed, effect, signal } from "@preact/signals";
import { listing } from "./queue.ts";

/** The row that single keys act on. */
export const cursorId = signal<string | null>(null);
export const cursorItem = computed(
  () => listing.value.items.find((item) => item.id === cursorId.value) ?? null,
);

/** The nearest row that is still there: the one after, else the one before. */
export function neighbour(order: readonly string[], gone: string, left: readonly string[]): string | null {
  const at = order.indexOf(gone);
  const isLeft = (id: string) => left.includes(id);
  return order.slice(at + 1).find(isLeft) ?? order.slice(0, Math.max(0, at)).findLast(isLeft) ?? null;
}

export function stepFrom(id: string | null, order: readonly string[], by: 1 | -1): string | null {
  const at = id === null ? -1 : order.indexOf(id);
  if (at === -1) return (by === 1 ? order[0] : order.at(-1)) ?? null;
  return order[Math.min(order.length - 1, Math.max(0, at + by))] ?? null;
}

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
