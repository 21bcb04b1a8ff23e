import { computed, effect, signal } from "@preact/signals";
import type { Item } from "../lib/api.ts";
import { arrange, nextCurrent } from "../lib/arrange.ts";
import { overlay } from "../lib/outbox.ts";
import { belongs, compareItems, needsPerson } from "../lib/snapshot.ts";
import { isInView, matchesWords, type View, views } from "../lib/views.ts";
import { outbox, person, snapshot } from "./stored.ts";

export const view = signal<View>("open");
export const words = signal("");
export const isSearching = signal(false);
/** The row the keys act on. */
export const current = signal<string | null>(null);
const known = signal<string[]>([]);
/** Before somebody reads, the list follows the queue; afterwards it keeps still. */
const isRead = signal(false);

/** The queue with this person's unsent decisions already applied, in queue order. */
export const items = computed<Item[]>(() => {
  const held = snapshot.value?.items ?? [];
  const name = person.value?.name ?? null;
  return overlay(held, outbox.value, name).filter(belongs).sort(compareItems);
});

export const needing = computed(() => items.value.filter(needsPerson));

export const viewCounts = computed(() => {
  const name = person.value?.name ?? null;
  return views.map((one) => items.value.filter((item) => isInView(item, one, name)).length);
});

const wanted = computed(() =>
  items.value.filter(
    (item) =>
      isInView(item, view.value, person.value?.name ?? null) &&
      (words.value === "" || matchesWords(item, words.value)),
  ),
);
const arrangement = computed(() => {
  const ids = wanted.value.map((item) => item.id);
  return isRead.value ? arrange(known.value, ids) : { rows: ids, fresh: [] };
});

export const rows = computed(() => {
  const byId = new Map(wanted.value.map((item) => [item.id, item]));
  return arrangement.value.rows.flatMap((id) => byId.get(id) ?? []);
});
export const freshCount = computed(() => arrangement.value.fresh.length);

/** Lets what waits into the list, everything in its proper place. */
export function settle(): void {
  known.value = wanted.value.map((item) => item.id);
}

/** Somebody reads the list now: what comes from here on waits. */
export function keepStill(): void {
  const ids = wanted.value.map((item) => item.id);
  known.value = [...known.value.filter((id) => !ids.includes(id)), ...ids];
  isRead.value = true;
}

export function show(next: View): void {
  view.value = next;
  settle();
}

export function search(text: string): void {
  words.value = text.trim();
  settle();
}

export function move(step: 1 | -1): void {
  const ids = arrangement.value.rows;
  const place = current.value === null ? -1 : ids.indexOf(current.value);
  current.value = ids[Math.min(ids.length - 1, Math.max(0, place + step))] ?? null;
}

/** Remembers what is shown and keeps the current row on something that is there. */
export function followRows(): void {
  let before: string[] = [];
  effect(() => {
    const ids = arrangement.value.rows;
    const held = known.peek();
    if (ids.some((id) => !held.includes(id)))
      known.value = [...held.filter((id) => !ids.includes(id)), ...ids];
    current.value = isRead.peek() ? nextCurrent(before, ids, current.peek()) : (ids[0] ?? null);
    before = ids;
  });
}
