import type { OutboxEntry } from "../../extension/lib/outbox.ts";
import type { OutboxStore } from "../../extension/lib/outbox-store.ts";
import type { ValueStore } from "../../extension/lib/storage.ts";

/** The browser's storage has no place outside a browser; the end-to-end tests use the real one. */
export function memoryValues<Values>(
  start: Partial<Values> = {},
): ValueStore<Values> & { held: Partial<Values> } {
  const held: Partial<Values> = structuredClone(start);
  return {
    held,
    get: async (key) => structuredClone(held[key]),
    set: async (values) => {
      Object.assign(held, structuredClone(values));
    },
    remove: async (keys) => {
      for (const key of keys) delete held[key];
    },
  };
}

export function memoryOutbox(): OutboxStore {
  let entries: OutboxEntry[] = [];
  let seq = 0;
  return {
    all: async () => structuredClone(entries),
    add: async (entry) => {
      seq += 1;
      if (!entries.some((held) => held.key === entry.key)) entries.push({ ...structuredClone(entry), seq });
    },
    update: async (key, change) => {
      const held = entries.find((entry) => entry.key === key);
      if (held === undefined) return false;
      const next = change(structuredClone(held));
      entries = entries.flatMap((entry) => (entry === held ? (next ?? []) : entry));
      return true;
    },
  };
}
