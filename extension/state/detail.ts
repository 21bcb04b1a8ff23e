import { effect, signal } from "@preact/signals";
import type { Item, ItemDetail, StoredAlert, TimelineEntry } from "../lib/api.ts";
import { ask } from "../messages.ts";
import { closePanel } from "./panel.ts";
import { outbox, snapshot } from "./stored.ts";

export interface Detail {
  /** As the row knew it; shown until the rest arrives. */
  item: Item;
  full: ItemDetail | null;
  timeline: TimelineEntry[];
  alerts: StoredAlert[];
  moreAlerts: string | null;
  members: Item[];
  problem: string | null;
}

/** The items opened on top of each other, the last one shown. */
export const opened = signal<Detail[]>([]);

function change(id: string, part: Partial<Detail>): void {
  opened.value = opened.value.map((detail) => (detail.item.id === id ? { ...detail, ...part } : detail));
}

function say(id: string): (error: unknown) => void {
  return (error) => change(id, { problem: error instanceof Error ? error.message : String(error) });
}

function readAlerts(item: Item): Promise<void> {
  return ask("read-alerts", { id: item.id, cursor: null }).then((page) =>
    change(item.id, { alerts: page.items, moreAlerts: page.next }),
  );
}

function readMembers(item: Item): Promise<void> {
  return ask("read-members", { id: item.id }).then((members) => change(item.id, { members }));
}

/** Reads what the server knows of an opened item. */
function read(item: Item): void {
  const { id } = item;
  void ask("read-item", { id }).then((full) => change(id, { full, item: full, problem: null }), say(id));
  void ask("read-timeline", { id }).then((timeline) => change(id, { timeline }), say(id));
}

export function open(item: Item): void {
  closePanel();
  const empty = { full: null, timeline: [], alerts: [], moreAlerts: null, members: [], problem: null };
  opened.value = [...opened.value.filter((detail) => detail.item.id !== item.id), { item, ...empty }];
  read(item);
  void (item.kind === "group" ? readAlerts(item) : readMembers(item)).catch(say(item.id));
}

/** The latest version of an item that anything here has seen, also of one that left the queue. */
function latestVersion(id: string): number {
  const held = snapshot.value;
  const inQueue = held?.items.find((item) => item.id === id)?.version ?? held?.left[id] ?? 0;
  const own = outbox.value.map((entry) => (entry.before.id === id ? (entry.resultVersion ?? 0) : 0));
  return Math.max(inQueue, ...own);
}

/** Reads an opened item again whenever it moves on, so that a note stands there once it is added. */
export function followOpened(): void {
  const asked = new Map<string, number>();
  effect(() => {
    const detail = opened.value.at(-1);
    if (detail?.full == null) return;
    const { id } = detail.item;
    const latest = latestVersion(id);
    if (latest <= Math.max(detail.full.version, asked.get(id) ?? 0)) return;
    asked.set(id, latest);
    read(detail.item);
  });
}

export function readMoreAlerts({ item, alerts, moreAlerts }: Detail): void {
  void ask("read-alerts", { id: item.id, cursor: moreAlerts }).then(
    (page) => change(item.id, { alerts: [...alerts, ...page.items], moreAlerts: page.next }),
    say(item.id),
  );
}

export function back(): void {
  closePanel();
  opened.value = opened.value.slice(0, -1);
}
