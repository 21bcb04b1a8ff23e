import {
  freshEntry,
  isSpent,
  isWaiting,
  type NewEntry,
  nextToSend,
  type OutboxEntry,
} from "../lib/outbox.ts";
import { type SendEntryDeps, sendEntry } from "./send-entry.ts";

interface SenderDeps extends SendEntryDeps {
  newKey: () => string;
}

/** Brings every decision to the server once, in order for each item. */
export class Sender {
  readonly #deps: SenderDeps;
  #running: Promise<void> | null = null;
  #asked: "again" | "again early" | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  async add(made: NewEntry): Promise<void> {
    await this.#deps.store.add(freshEntry(made, await this.#owner()));
    await this.#publish();
    void this.flush();
  }

  async undo(key: string): Promise<void> {
    // An attempt without an answer may have arrived: it is sent again, then undone by its id.
    await this.#change(key, (entry) =>
      entry.state === "waiting" && entry.attempts === 0 ? null : { ...entry, undone: true, nextAt: 0 },
    );
    void this.flush();
  }

  async retry(key: string): Promise<void> {
    await this.#change(key, (entry) => this.#again(entry));
    void this.flush();
  }

  discard(key: string): Promise<void> {
    return this.#change(key, () => null);
  }

  /**
   * Sends what may go; `evenEarly` also what is still in its back-off, for when the server is back.
   * One pass at a time, so that one entry is never in two requests.
   */
  flush(evenEarly = false): Promise<void> {
    if (this.#running === null) this.#running = this.#passes(evenEarly);
    else if (this.#asked !== "again early") this.#asked = evenEarly ? "again early" : "again";
    return this.#running;
  }

  async #passes(evenEarly: boolean): Promise<void> {
    let isEarly = evenEarly;
    try {
      do {
        this.#asked = null;
        await this.#drain(isEarly);
        isEarly = this.#asked === "again early";
      } while (this.#asked !== null);
    } finally {
      this.#running = null;
    }
  }

  async #owner() {
    const { session, model } = this.#deps;
    return { server: (await session.server()) ?? "", person: model.person()?.id ?? null };
  }

  async #publish(): Promise<OutboxEntry[]> {
    const { store, model, now } = this.#deps;
    const all = await store.all();
    const spent = all.filter((entry) => isSpent(entry, all, now()));
    for (const entry of spent) await store.update(entry.key, () => null);
    const entries = all.filter((entry) => !spent.includes(entry));
    model.setOutbox(entries);
    return entries;
  }

  async #drain(evenEarly: boolean): Promise<void> {
    const { now } = this.#deps;
    const tried = new Set<string>();
    const isReady = (entry: OutboxEntry) => entry.nextAt <= now() || (evenEarly && !tried.has(entry.key));
    for (;;) {
      const entries = await this.#publish();
      const next = nextToSend(entries, await this.#owner(), isReady);
      if (next === null) break;
      tried.add(next.key);
      if (!(await sendEntry(this.#deps, next, entries))) break;
    }
    this.#schedule(await this.#publish());
  }

  /** A worker that dies loses the timer; the alarm comes by anyway. */
  #schedule(entries: readonly OutboxEntry[]): void {
    const now = this.#deps.now();
    clearTimeout(this.#timer);
    const times = entries.filter((entry) => isWaiting(entry) && entry.nextAt > now).map((e) => e.nextAt);
    if (times.length > 0) this.#timer = setTimeout(() => void this.flush(), Math.min(...times) - now);
  }

  async #change(key: string, how: (entry: OutboxEntry) => OutboxEntry | null): Promise<void> {
    await this.#deps.store.update(key, how);
    await this.#publish();
  }

  /** A refusal is final under its key, so another try is a new action on the item as it is now. */
  #again(entry: OutboxEntry): OutboxEntry {
    const { model, newKey, now } = this.#deps;
    const before = model.snapshot()?.items.find((item) => item.id === entry.before.id) ?? entry.before;
    const { seq, decision, owner } = entry;
    return { ...freshEntry({ key: newKey(), decision, before, madeAt: now() }, owner), seq };
  }
}
