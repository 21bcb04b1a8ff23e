import type { LiveEvents } from "../../shared/live.ts";
import { type Call, openStream, readMe, readQueue } from "../lib/api.ts";
import { backoffMs } from "../lib/backoff.ts";
import { SignInError } from "../lib/failures.ts";
import { mergeQueue } from "../lib/snapshot.ts";
import type { SessionValues, ValueStore } from "../lib/storage.ts";
import { throttle } from "../lib/throttle.ts";
import type { Model } from "./model.ts";
import { readEvents, type ServerEvent } from "./read-events.ts";
import type { Session } from "./session.ts";

interface ConnectionDeps {
  session: Session;
  model: Model;
  values: ValueStore<SessionValues>;
  /** Whether the browser lets the extension reach the server. */
  isAllowed: (server: string) => Promise<boolean>;
  onOnline: () => void;
  now: () => number;
  random: () => number;
}

/** Three missed heartbeats. */
const silenceMs = 45_000;
const openingMs = 10_000;
const steadyMs = 10_000;
const writeEveryMs = 250;

interface Line {
  controller: AbortController;
  heardAt: number;
}

/** The event names and payloads are the server's own, typed in `shared/live.ts`. */
function payload<N extends keyof LiveEvents>(event: ServerEvent): LiveEvents[N] {
  return JSON.parse(event.data) as LiveEvents[N];
}

/** The one line to the server: the queue once, then what changes. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #remember: () => void;
  #line: Line | null = null;
  #connecting: Promise<void> | null = null;
  #lastEventId: string | null = null;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    const write = () => {
      const cursor = { lastEventId: this.#lastEventId, heardAt: deps.now() };
      void deps.values.set({ cursor });
    };
    this.#remember = throttle(write, writeEveryMs, deps.now);
  }

  /** Connects unless a stream is alive; every alarm, wake-up and opened popup comes here. */
  ensure(): void {
    if (this.#line === null || this.#deps.now() - this.#line.heardAt > silenceMs) this.restart();
  }

  /** Drops what is open and connects anew, for another server or sign-in. */
  restart(): void {
    void this.#reopen();
  }

  async #reopen(): Promise<void> {
    clearTimeout(this.#timer);
    this.#line?.controller.abort();
    this.#line = null;
    await this.#connecting;
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = null;
    });
  }

  async #connect(): Promise<void> {
    const own: Line = { controller: new AbortController(), heardAt: this.#deps.now() };
    this.#line = own;
    let isWorthRetry = false;
    try {
      if (!(await this.#isReady())) return;
      isWorthRetry = true;
      this.#lastEventId = (await this.#deps.values.get("cursor"))?.lastEventId ?? null;
      await this.#deps.session.authorized((call) => this.#follow(call, own));
    } catch (error) {
      if (this.#line === own) this.#fail(error);
    } finally {
      own.controller.abort();
      if (this.#line === own) {
        this.#line = null;
        if (isWorthRetry) this.#again();
      }
    }
  }

  /** Whether there is a server that may be asked; says so to the person when not. */
  async #isReady(): Promise<boolean> {
    const { session, model, isAllowed } = this.#deps;
    const server = await session.server();
    if (server === null) model.setLink("no-server");
    else if (!(await session.isSignedIn())) this.#signedOut(null);
    else if (!(await isAllowed(server))) model.setLink("no-permission");
    else return true;
    return false;
  }

  async #follow(call: Call, own: Line): Promise<void> {
    const { model, now, onOnline } = this.#deps;
    // Opened before the queue is read, so that nothing falls between the two.
    const stream = await this.#tryStream(call, own.controller);
    if (own.controller.signal.aborted) return;
    if (model.person() === null) {
      const { id, name } = await readMe(call);
      await model.setPerson({ id, name });
    }
    await this.#readQueue(call);
    await model.saveToDisk();
    model.setLink(stream === null ? "polling" : "live");
    onOnline();
    if (stream?.body == null) return;
    const openedAt = now();
    own.heardAt = openedAt;
    const heard = () => {
      own.heardAt = now();
    };
    await readEvents(stream.body, (event) => this.#take(call, event), heard).catch(() => undefined);
    // A server that closes every stream at once must not be asked every second.
    this.#failures = now() - openedAt > steadyMs ? 0 : this.#failures + 1;
  }

  /** Null when there is no stream to be had, as behind a proxy that holds it back: then polling serves. */
  async #tryStream(call: Call, controller: AbortController): Promise<Response | null> {
    const opening = new AbortController();
    const patience = setTimeout(() => opening.abort(), openingMs);
    try {
      const signal = AbortSignal.any([controller.signal, opening.signal]);
      return await openStream(call, this.#lastEventId, signal);
    } catch (error) {
      if (error instanceof SignInError) throw error;
      return null;
    } finally {
      clearTimeout(patience);
    }
  }

  async #readQueue(call: Call): Promise<void> {
    const { model, now } = this.#deps;
    const found = await readQueue(call, model.snapshot()?.etag ?? null);
    const held = model.snapshot();
    if (found !== null) model.replaceSnapshot(mergeQueue(held, found.answer, found.etag, now()));
    else if (held !== null) model.replaceSnapshot({ ...held, at: now() });
  }

  #take(call: Call, event: ServerEvent): void {
    const { model, now } = this.#deps;
    const held = model.snapshot();
    if (event.name === "item") model.takeItems([payload<"item">(event)]);
    if (event.name === "counts" && held !== null) {
      model.replaceSnapshot({ ...held, counts: payload<"counts">(event), at: now() });
    }
    if (event.name === "reset") void this.#readQueue(call).catch(() => this.restart());
    if (event.name === "heartbeat") {
      if (held !== null) model.replaceSnapshot({ ...held, at: now() });
      void model.saveToDisk();
    }
    // A call of the extension API at each heartbeat is what keeps the background alive.
    this.#lastEventId = event.id ?? this.#lastEventId;
    this.#remember();
  }

  #signedOut(because: string | null): void {
    const { model } = this.#deps;
    const held = model.link();
    // The reason why a sign-in ended stays until somebody signs in.
    model.setLink("signed-out", because ?? (held.state === "signed-out" ? held.because : null));
  }

  #fail(error: unknown): void {
    this.#failures += 1;
    if (error instanceof SignInError) this.#signedOut(error.message);
    else this.#deps.model.setLink("offline", error instanceof Error ? error.message : String(error));
  }

  #again(): void {
    const { state } = this.#deps.model.link();
    // Without a stream the alarm polls, and a sign-in comes as a change of storage.
    if (state !== "live" && state !== "offline") return;
    const wait = backoffMs(Math.max(1, this.#failures), this.#deps.random());
    this.#timer = setTimeout(() => this.ensure(), wait);
  }
}
