import { computed, signal } from "@preact/signals";
import type { Item } from "../lib/api.ts";
import type { Decision } from "../lib/decision.ts";
import { type OutboxEntry, overlay } from "../lib/outbox.ts";
import { decide, takeBack, undoable } from "../state/decide.ts";
import { opened } from "../state/detail.ts";
import { closePanel, openPanel, type Panel, togglePanel } from "../state/panel.ts";
import { current, items } from "../state/queue.ts";
import { outbox, person } from "../state/stored.ts";

/** Whether the keys moved last, so that the focus follows the current row. */
export const isSteered = signal(false);

/** The opened item with the latest known state and this person's unsent decisions. */
export const openedItem = computed<Item | null>(() => {
  const detail = opened.value.at(-1);
  if (detail === undefined) return null;
  const inQueue = items.value.find((item) => item.id === detail.item.id);
  const latest = inQueue !== undefined && inQueue.version >= detail.item.version ? inQueue : detail.item;
  return overlay([latest], outbox.value, person.value?.name ?? null)[0] ?? latest;
});

/** What the action keys act on. */
export const target = computed<Item | null>(
  () => openedItem.value ?? items.value.find((item) => item.id === current.value) ?? null,
);

export function act(item: Item, decision: Decision): void {
  closePanel();
  // The button that was pressed may leave with its row; the focus goes on to the next one.
  isSteered.value = true;
  decide(item, decision);
}

export function togglePanelOf(item: Item, panel: Panel): void {
  current.value = opened.value.length === 0 ? item.id : current.value;
  togglePanel(item.id, panel);
}

/** Takes a decision back and stands on its row again. */
export function undo(entry: OutboxEntry): void {
  takeBack(entry);
  isSteered.value = true;
  current.value = entry.before.id;
}

export function undoLatest(): void {
  if (undoable.value !== null) undo(undoable.value);
}

export function panelOf(item: Item): Panel | null {
  return openPanel.value?.id === item.id ? openPanel.value.panel : null;
}
