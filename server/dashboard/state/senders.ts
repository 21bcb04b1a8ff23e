import { signal } from "@preact/signals";
import type { Page } from "../../../shared/queue.ts";
import type { Reject, Source } from "../../../shared/senders.ts";
import { api, sentenceFor } from "./api.ts";
import { failed, type Loaded, loading, ready } from "./loaded.ts";
import { say } from "./toast.ts";

export const senders = signal<Loaded<Source[]>>(loading);
export const rejects = signal<Loaded<Page<Reject>>>(loading);

/** Whose rejects are shown; null shows everybody's. */
export const chosenSender = signal<Pick<Source, "id" | "actor" | "format"> | null>(null);

/** Further pages come at once: a table that is sorted has to be whole. */
const mostPages = 10;

export async function loadSenders(): Promise<void> {
  try {
    const all: Source[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < mostPages; page += 1) {
      const { items, next }: Page<Source> = await api.sources(cursor);
      all.push(...items);
      cursor = next;
      if (next === null) break;
    }
    senders.value = ready(all.sort(byName));
  } catch (error) {
    // What was read before is worth more than nothing while the server is away.
    if (senders.value.phase !== "ready") senders.value = failed(error);
  }
}

function byName(one: Source, other: Source): number {
  return one.actor.name.localeCompare(other.actor.name) || one.format.localeCompare(other.format);
}

/** Counts the questions, so that an answer that was overtaken is left aside. */
let asked = 0;

export async function loadRejects(): Promise<void> {
  asked += 1;
  const mine = asked;
  rejects.value = loading;
  const answer = await api.rejects(chosenSender.value, null).then(ready, failed);
  if (mine === asked) rejects.value = answer;
}

export async function moreRejects(): Promise<void> {
  const now = rejects.value;
  if (now.phase !== "ready" || now.value.next === null) return;
  const mine = asked;
  try {
    const { items, next } = await api.rejects(chosenSender.value, now.value.next);
    if (mine === asked) rejects.value = ready({ items: [...now.value.items, ...items], next });
  } catch (error) {
    say(sentenceFor(error), "failed");
  }
}

export function chooseSender(id: string): void {
  const now = senders.value;
  chosenSender.value = (now.phase === "ready" && now.value.find((one) => one.id === id)) || null;
  void loadRejects();
}

const refreshMs = 15_000;

/** Reads both, and who sends again and again; a list that somebody reads stays as it is. */
export function followSenders(): () => void {
  chosenSender.value = null;
  void loadSenders();
  void loadRejects();
  const timer = setInterval(() => void loadSenders(), refreshMs);
  return () => clearInterval(timer);
}
