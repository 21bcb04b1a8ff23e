import { computed, signal } from "@preact/signals";
import type { Item } from "../lib/api.ts";
import { type Decision, pastTense } from "../lib/decision.ts";
import { canUndo, freshEntry, isProblem, isWaiting, type NewEntry, type OutboxEntry } from "../lib/outbox.ts";
import { ask } from "../messages.ts";
import { announce } from "./announce.ts";
import { link, outbox, person, server } from "./stored.ts";

export const waiting = computed(() => outbox.value.filter(isWaiting));
export const problems = computed(() => outbox.value.filter(isProblem));

/** Moves when an undo offer ends, so that it leaves the screen. */
const tick = signal(0);

/** The latest decision that can still be taken back, or null. */
export const undoable = computed<OutboxEntry | null>(() => {
  tick.value;
  return outbox.value.findLast((entry) => canUndo(entry, Date.now())) ?? null;
});

/** Keeps the offer's end exact. */
export function followUndo(): () => void {
  const timer = setInterval(() => {
    if (undoable.peek() !== null) tick.value += 1;
  }, 250);
  return () => clearInterval(timer);
}

/** Decides about an item: shown at once, sent by the background as soon as the server can be reached. */
export function decide(item: Item, decision: Decision): void {
  const made: NewEntry = { key: crypto.randomUUID(), decision, before: item, madeAt: Date.now() };
  const owner = { server: server.value ?? "", person: person.value?.id ?? null };
  const seq = (outbox.value.at(-1)?.seq ?? 0) + 1;
  outbox.value = [...outbox.value, { ...freshEntry(made, owner), seq }];
  const later = link.value.state === "offline" ? ", will be sent later" : "";
  announce(`${pastTense(decision)}${later}: ${item.title}`);
  void ask("act", { entry: made });
}

export function takeBack(entry: OutboxEntry): void {
  outbox.value = outbox.value.map((held) => (held.key === entry.key ? { ...held, undone: true } : held));
  announce(`Taken back: ${entry.before.title}`);
  void ask("undo", { key: entry.key });
}

export function retry(entry: OutboxEntry): void {
  void ask("retry", { key: entry.key });
}

export function discard(entry: OutboxEntry): void {
  outbox.value = outbox.value.filter((held) => held.key !== entry.key);
  void ask("discard", { key: entry.key });
}
