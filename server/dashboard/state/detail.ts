import { effect, signal } from "@preact/signals";
import type { Item, ItemDetail, StoredAlert, TimelineEntry } from "../../../shared/group.ts";
import type { Page } from "../../../shared/queue.ts";
import { openId } from "./address.ts";
import { api, sentenceFor } from "./api.ts";
import { failed, type Loaded, loading, ready } from "./loaded.ts";
import { throttled } from "./throttled.ts";
import { say } from "./toast.ts";

export const detail = signal<Loaded<ItemDetail>>(loading);
export const timeline = signal<Loaded<Page<TimelineEntry>>>(loading);
export const alerts = signal<Loaded<Page<StoredAlert>>>(loading);

async function into<T>(target: { value: Loaded<T> }, id: string, load: Promise<T>): Promise<void> {
  try {
    const value = await load;
    if (openId.peek() === id) target.value = ready(value);
  } catch (error) {
    // What is on the page stays readable when a later reading fails.
    if (openId.peek() === id && target.value.phase !== "ready") target.value = failed(error);
  }
}

async function loadDetail(id: string): Promise<void> {
  await Promise.all([
    into(detail, id, api.item(id)),
    into(timeline, id, api.timeline(id, null)),
    into(alerts, id, api.alerts(id, null)),
  ]);
}

/** Reads the opened item again; a storm of alerts on it asks once a second. */
export const refreshDetail = throttled(1_000, () => {
  const id = openId.peek();
  if (id !== null) void loadDetail(id);
});

export function receiveDetail(changed: readonly Item[]): void {
  const current = detail.value;
  if (current.phase !== "ready") return;
  const item = changed.findLast((one) => one.id === current.value.id);
  if (item === undefined || item.id !== openId.value) return;
  detail.value = ready({ ...current.value, ...item });
  refreshDetail();
}

async function further<T>(
  target: { value: Loaded<Page<T>> },
  load: (id: string, cursor: string) => Promise<Page<T>>,
): Promise<void> {
  const id = openId.value;
  const shown = target.value;
  if (id === null || shown.phase !== "ready" || shown.value.next === null) return;
  try {
    const page = await load(id, shown.value.next);
    if (openId.value !== id) return;
    target.value = ready({ items: [...shown.value.items, ...page.items], next: page.next });
  } catch (error) {
    say(sentenceFor(error), "failed");
  }
}

export const moreTimeline = () => further(timeline, api.timeline);
export const moreAlerts = () => further(alerts, api.alerts);

/** Forgets the item that was open and reads the one that is. */
export function followOpen(): () => void {
  return effect(() => {
    const id = openId.value;
    detail.value = loading;
    timeline.value = loading;
    alerts.value = loading;
    if (id !== null) void loadDetail(id);
  });
}

export function retryDetail(): void {
  detail.value = loading;
  refreshDetail();
}
