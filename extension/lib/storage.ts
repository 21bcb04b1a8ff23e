import { browser } from "./browser.ts";
import type { OutboxEntry } from "./outbox.ts";
import type { Snapshot } from "./snapshot.ts";

export interface Person {
  id: string;
  name: string;
}

/** How the background stands with the server. `since` in milliseconds. */
export interface LinkState {
  state: "starting" | "live" | "polling" | "offline" | "no-server" | "no-permission" | "signed-out";
  since: number;
  /** For a person; why a sign-in ended or what the server said. */
  because: string | null;
}

/** A sign-in by pairing code under way. Times in milliseconds. */
export interface Pairing {
  state: "waiting" | "denied" | "expired" | "failed" | "done";
  server: string;
  deviceCode: string;
  userCode: string;
  approvalUrl: string;
  expiresAt: number;
  intervalMs: number;
  because: string | null;
}

/** Kept on disk. */
export interface LocalValues {
  server: string;
  refreshToken: string;
  person: Person;
  snapshot: Snapshot;
}

/** Kept in memory until the browser closes; never on disk. */
export interface SessionValues {
  access: { token: string; expiresAt: number };
  snapshot: Snapshot;
  link: LinkState;
  outbox: OutboxEntry[];
  cursor: { lastEventId: string | null; heardAt: number };
  pairing: Pairing;
}

export interface ValueStore<Values> {
  get<K extends keyof Values & string>(key: K): Promise<Values[K] | undefined>;
  set(values: Partial<Values>): Promise<void>;
  remove(keys: (keyof Values & string)[]): Promise<void>;
}

function valueStore<Values>(name: "local" | "session"): ValueStore<Values> {
  const area = browser.storage[name];
  return {
    // Only this extension writes these keys, so what is read has the type that was written.
    get: async <K extends keyof Values & string>(key: K) => {
      const found = await area.get(key);
      return found[key] as Values[K] | undefined;
    },
    set: (values) => area.set(values),
    remove: (keys) => area.remove(keys),
  };
}

export function openLocal(): ValueStore<LocalValues> {
  return valueStore<LocalValues>("local");
}

export function openSession(): ValueStore<SessionValues> {
  return valueStore<SessionValues>("session");
}
