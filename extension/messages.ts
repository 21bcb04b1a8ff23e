import type { Item, ItemDetail, Page, StoredAlert, TimelineEntry } from "./lib/api.ts";
import { browser } from "./lib/browser.ts";
import type { NewEntry } from "./lib/outbox.ts";

/** Everything a page may ask of the background, with its answer. */
export interface Messages {
  /** The popup opened: bring the connection up at once. */
  hello: { ask: Record<never, never>; answer: null };
  act: { ask: { entry: NewEntry }; answer: null };
  undo: { ask: { key: string }; answer: null };
  retry: { ask: { key: string }; answer: null };
  discard: { ask: { key: string }; answer: null };
  "read-item": { ask: { id: string }; answer: ItemDetail };
  "read-timeline": { ask: { id: string }; answer: TimelineEntry[] };
  "read-alerts": { ask: { id: string; cursor: string | null }; answer: Page<StoredAlert> };
  "read-members": { ask: { id: string }; answer: Item[] };
  pair: { ask: { server: string }; answer: null };
  "cancel-pairing": { ask: Record<never, never>; answer: null };
  "sign-out": { ask: Record<never, never>; answer: null };
}

export type MessageName = keyof Messages;
export type Message<N extends MessageName = MessageName> = { type: N } & Messages[N]["ask"];

/** Rejects with the background's own words when it could not do it. */
export function ask<N extends MessageName>(
  type: N,
  rest: Messages[N]["ask"],
): Promise<Messages[N]["answer"]> {
  return browser.runtime.sendMessage({ type, ...rest });
}
