import { computed, signal } from "@preact/signals";
import type { Item } from "../../../shared/group.ts";
import type { QueueAnswer } from "../../../shared/queue.ts";
import { api } from "./api.ts";
import { failed, type Loaded, loading, ready } from "./loaded.ts";
import { counts } from "./queue.ts";
import { throttled } from "./throttled.ts";

/** Items that wait for a person: P1 to P3, shown, and acknowledged by nobody. */
export const unacknowledged = signal<Loaded<QueueAnswer>>(loading);

export interface Need {
  P1: number;
  P2: number;
  P3: number;
  total: number;
  /** Since when the oldest of them waits; null when none does. */
  oldest: string | null;
  /** There are more than were read: the oldest is at least this old. */
  isPartial: boolean;
  /** Acknowledged and not closed yet. */
  acknowledged: number;
}

/** A reopened group was first seen long before it began to wait; its last alert is the safe bound. */
export function waitingSince(item: Item): string {
  return item.episode > 1 ? item.lastSeen : item.firstSeen;
}

export function needFrom(answer: QueueAnswer, open: { P1: number; P2: number; P3: number } | null): Need {
  const { P1, P2, P3 } = answer.counts;
  const total = P1 + P2 + P3;
  const since = answer.items.map(waitingSince).sort((a, b) => Date.parse(a) - Date.parse(b));
  const all = open === null ? total : open.P1 + open.P2 + open.P3;
  return {
    P1,
    P2,
    P3,
    total,
    oldest: since[0] ?? null,
    isPartial: answer.next !== null,
    acknowledged: Math.max(0, all - total),
  };
}

export const need = computed<Need | null>(() =>
  unacknowledged.value.phase === "ready" ? needFrom(unacknowledged.value.value, counts.value) : null,
);

async function load(): Promise<void> {
  const scope = ["P1", "P2", "P3"].map((band) => `band=${band}`).join("&");
  try {
    const [open, all] = await Promise.all([
      api.queue(new URLSearchParams(`${scope}&status=open&limit=200`)),
      api.queue(new URLSearchParams("limit=1")),
    ]);
    counts.value = all.counts;
    unacknowledged.value = ready(open);
  } catch (error) {
    if (unacknowledged.value.phase !== "ready") unacknowledged.value = failed(error);
  }
}

/** A flood of changes asks the server once a second. */
export const refreshSummary = throttled(1_000, () => void load());
