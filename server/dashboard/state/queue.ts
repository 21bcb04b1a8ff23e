import { effect, signal } from "@preact/signals";
import type { Item } from "../../../shared/group.ts";
import type { Counts } from "../../../shared/queue.ts";
import { filters, filtersKey, openId } from "./address.ts";
import { api, sentenceFor } from "./api.ts";
import { serverQuery } from "./filters.ts";
import { emptyListing, type Listing, receive, showWaiting, withPage } from "./listing.ts";
import { throttled } from "./throttled.ts";

export const listing = signal<Listing>(emptyListing);
/** Counts of the whole scope, whatever the filters of the list say. */
export const counts = signal<Counts | null>(null);
export const queuePhase = signal<"loading" | "ready" | "failed">("loading");
export const queueFailure = signal("");
export const isLoadingMore = signal(false);
/** Set by the list: its top is no longer in view. */
export const isScrolled = signal(false);

let running: AbortController | null = null;

/** Reads the first page. What is shown stays until the answer is there. */
export async function loadQueue(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  queuePhase.value = "loading";
  try {
    const answer = await api.queue(serverQuery(filters.peek()), mine.signal);
    if (mine.signal.aborted) return;
    listing.value = { items: answer.items, waiting: [], next: answer.next };
    queuePhase.value = "ready";
  } catch (error) {
    if (mine.signal.aborted) return;
    queueFailure.value = sentenceFor(error);
    queuePhase.value = "failed";
  }
}

export async function loadMore(): Promise<void> {
  const { next } = listing.value;
  if (next === null || isLoadingMore.value) return;
  const key = filtersKey.value;
  const query = serverQuery(filters.value);
  query.set("cursor", next);
  isLoadingMore.value = true;
  try {
    const page = await api.queue(query);
    if (key === filtersKey.value) listing.value = withPage(listing.value, page);
  } catch (error) {
    queueFailure.value = sentenceFor(error);
  } finally {
    isLoadingMore.value = false;
  }
}

const readSearchAgain = throttled(2_000, () => void loadQueue());

export function receiveItems(changed: readonly Item[]): void {
  const isReading = isScrolled.value || openId.value !== null;
  const reading = { filters: filters.value, isReading, keep: openId.value };
  const isSearched = reading.filters.q.trim() !== "" || reading.filters.entity !== "";
  const before = listing.value;
  listing.value = receive(before, changed, reading);
  const isUnknown = changed.some((item) => !before.items.some((other) => other.id === item.id));
  if (isSearched && isUnknown && !isReading) readSearchAgain();
}

export function showNew(): void {
  listing.value = showWaiting(listing.value);
}

/** The reader closed what was opened: rows that no longer belong may go, the others keep their places. */
export function settle(): void {
  const { items, ...rest } = listing.value;
  const reading = { filters: filters.value, isReading: true, keep: null };
  listing.value = { ...receive({ items, ...rest }, items, reading) };
}

/** Reads the list again whenever the filters in the address change. */
export function followFilters(): () => void {
  return effect(() => {
    filtersKey.value;
    void loadQueue();
  });
}
