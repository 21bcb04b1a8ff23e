import { computed, signal } from "@preact/signals";
import { browser } from "../lib/browser.ts";
import type { OutboxEntry } from "../lib/outbox.ts";
import type { Snapshot } from "../lib/snapshot.ts";
import { type LinkState, openLocal, openSession, type Pairing, type Person } from "../lib/storage.ts";

/** What the background wrote down; the pages only read it. */
export const snapshot = signal<Snapshot | null>(null);
export const outbox = signal<OutboxEntry[]>([]);
export const link = signal<LinkState>({ state: "starting", since: Date.now(), because: null });
export const person = signal<Person | null>(null);
export const server = signal<string | null>(null);
export const pairing = signal<Pairing | null>(null);

/** Whether something stands between the person and any queue. */
export const isGated = computed(() =>
  ["no-server", "signed-out", "no-permission"].includes(link.value.state),
);

async function readAll(): Promise<void> {
  const local = openLocal();
  const session = openSession();
  const [live, saved, entries, state, signedIn, origin, underWay] = await Promise.all([
    session.get("snapshot"),
    local.get("snapshot"),
    session.get("outbox"),
    session.get("link"),
    local.get("person"),
    local.get("server"),
    session.get("pairing"),
  ]);
  snapshot.value = live ?? saved ?? null;
  outbox.value = entries ?? [];
  link.value = state ?? link.value;
  person.value = signedIn ?? null;
  server.value = origin ?? null;
  pairing.value = underWay ?? null;
}

/** Reads everything once, then follows; resolves when the first picture can be painted. */
export async function followStored(): Promise<void> {
  let isReading = false;
  let isStale = false;
  async function renew(): Promise<void> {
    isStale = isReading;
    if (isReading) return;
    isReading = true;
    await readAll();
    isReading = false;
    if (isStale) await renew();
  }
  browser.storage.onChanged.addListener((changes) => {
    // Every heartbeat moves the cursor, which no page shows.
    if (Object.keys(changes).some((key) => key !== "cursor")) void renew();
  });
  await renew();
}
