import { signal } from "@preact/signals";
import type { Item } from "../../../shared/group.ts";
import { heartbeatMs } from "../../../shared/live.ts";
import type { Counts } from "../../../shared/queue.ts";

export type Connection = "connecting" | "live" | "lost";
export const connection = signal<Connection>("connecting");

/** The part of `EventSource` that is used. */
export interface Source extends EventTarget {
  readonly readyState: number;
  close(): void;
}

export interface Listener {
  onItems(items: Item[]): void;
  onCounts(counts: Counts): void;
  /** Changes may have been missed: everything shown has to be read again. */
  onGap(): void;
}

const closed = 2;
const batchMs = 150;
const silenceMs = 3 * heartbeatMs;
const longestWaitMs = 30_000;

/** The stream of the same server carries the types of `shared/live.ts`. */
function dataOf<T>(event: Event): T {
  return JSON.parse(event instanceof MessageEvent ? String(event.data) : "null") as T;
}

/** Follows the stream for ever; the browser resumes by itself, a refused or silent stream is opened anew. */
export function followStream(open: () => Source, listener: Listener): () => void {
  let source: Source | null = null;
  let pending: Item[] = [];
  let attempts = 0;
  let isLate = false;
  let heardAt = Date.now();
  let retry: ReturnType<typeof setTimeout> | undefined;

  function flush() {
    if (pending.length === 0) return;
    const items = pending;
    pending = [];
    listener.onItems(items);
  }
  function heard() {
    heardAt = Date.now();
    connection.value = "live";
  }
  function reopen() {
    source?.close();
    connection.value = "lost";
    isLate = true;
    clearTimeout(retry);
    retry = setTimeout(start, Math.min(longestWaitMs, 1_000 * 2 ** attempts));
    attempts += 1;
  }
  function start() {
    const mine = open();
    source = mine;
    heardAt = Date.now();
    mine.addEventListener("open", () => {
      heard();
      attempts = 0;
      if (isLate) listener.onGap();
      isLate = false;
    });
    mine.addEventListener("item", (event) => {
      heard();
      pending.push(dataOf<Item>(event));
    });
    mine.addEventListener("counts", (event) => {
      heard();
      listener.onCounts(dataOf<Counts>(event));
    });
    mine.addEventListener("reset", () => {
      heard();
      listener.onGap();
    });
    mine.addEventListener("heartbeat", heard);
    mine.addEventListener("error", () => {
      if (source !== mine) return;
      connection.value = "lost";
      if (mine.readyState === closed) reopen();
    });
  }

  const batches = setInterval(flush, batchMs);
  const watch = setInterval(() => {
    if (connection.value === "live" && Date.now() - heardAt > silenceMs) reopen();
  }, 5_000);
  start();
  return () => {
    clearInterval(batches);
    clearInterval(watch);
    clearTimeout(retry);
    source?.close();
  };
}
