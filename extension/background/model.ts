import type { Item } from "../lib/api.ts";
import type { OutboxEntry } from "../lib/outbox.ts";
import { overlay } from "../lib/outbox.ts";
import { mergeItem, type Snapshot } from "../lib/snapshot.ts";
import type { LinkState, LocalValues, Person, SessionValues, ValueStore } from "../lib/storage.ts";
import { throttle } from "../lib/throttle.ts";

/** What the pages and the badge show; held in memory and written through to storage. */
export interface Model {
  load(): Promise<void>;
  snapshot(): Snapshot | null;
  person(): Person | null;
  link(): LinkState;
  replaceSnapshot(snapshot: Snapshot): void;
  takeItems(items: readonly Item[]): void;
  setOutbox(entries: OutboxEntry[]): void;
  setLink(state: LinkState["state"], because?: string | null): void;
  setPerson(person: Person): Promise<void>;
  /** Everything known about the signed-in person's queue goes; the outbox stays. */
  forget(): Promise<void>;
  /** The disk copy is written seldom: it only matters after the browser was closed. */
  saveToDisk(): Promise<void>;
}

interface ModelDeps {
  local: ValueStore<LocalValues>;
  session: ValueStore<SessionValues>;
  paint: (link: LinkState, items: readonly Item[]) => void;
  now: () => number;
}

const writeEveryMs = 250;

export function createModel({ local, session, paint, now }: ModelDeps): Model {
  let snapshot: Snapshot | null = null;
  let savedToDisk: Snapshot | null = null;
  let person: Person | null = null;
  let outbox: OutboxEntry[] = [];
  let link: LinkState = { state: "starting", since: now(), because: null };

  // One call for all of them: a page never sees an entry gone whose effect is not in the snapshot yet.
  function write() {
    const values = { outbox, link };
    void session.set(snapshot === null ? values : { ...values, snapshot });
    paint(link, overlay(snapshot?.items ?? [], outbox, person?.name ?? null));
  }
  const changed = throttle(write, writeEveryMs, now);

  return {
    async load() {
      snapshot = (await session.get("snapshot")) ?? (await local.get("snapshot")) ?? null;
      savedToDisk = snapshot;
      person = (await local.get("person")) ?? null;
      link = (await session.get("link")) ?? link;
    },
    snapshot: () => snapshot,
    person: () => person,
    link: () => link,
    replaceSnapshot(next) {
      snapshot = next;
      changed();
    },
    takeItems(items) {
      if (snapshot === null) return;
      for (const item of items) snapshot = mergeItem(snapshot, item);
      changed();
    },
    setOutbox(entries) {
      outbox = entries;
      changed();
    },
    setLink(state, because = null) {
      if (link.state === state && link.because === because) return;
      link = { state, because, since: link.state === state ? link.since : now() };
      changed();
    },
    async setPerson(next) {
      person = next;
      await local.set({ person: next });
    },
    async forget() {
      snapshot = null;
      savedToDisk = null;
      person = null;
      await local.remove(["snapshot", "person"]);
      await session.remove(["snapshot", "cursor"]);
      changed();
    },
    async saveToDisk() {
      if (snapshot === null || snapshot === savedToDisk) return;
      savedToDisk = snapshot;
      await local.set({ snapshot });
    },
  };
}
