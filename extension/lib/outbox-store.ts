import type { OutboxEntry } from "./outbox.ts";

/** Where decisions survive the death of the worker, a restart of the browser and a server that is down. */
export interface OutboxStore {
  /** Everything, in order of making. */
  all(): Promise<OutboxEntry[]>;
  /** Adds unless an entry of the same key is there. */
  add(entry: Omit<OutboxEntry, "seq">): Promise<void>;
  /** Reads and writes in one step; null from `change` removes. False when the entry is gone. */
  update(key: string, change: (entry: OutboxEntry) => OutboxEntry | null): Promise<boolean>;
}

const storeName = "outbox";

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("quietwatch", 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(storeName, { keyPath: "seq", autoIncrement: true });
    store.createIndex("key", "key", { unique: true });
  };
  return settled(request);
}

/** Runs one transaction and resolves when it is on disk. */
async function inTransaction<T>(
  database: Promise<IDBDatabase>,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const transaction = (await database).transaction(storeName, mode, { durability: "strict" });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  const result = await work(transaction.objectStore(storeName));
  await done;
  return result;
}

export function openOutboxStore(): OutboxStore {
  const database = open();
  return {
    all: () => inTransaction(database, "readonly", (store) => settled<OutboxEntry[]>(store.getAll())),
    add: (entry) =>
      inTransaction(database, "readwrite", async (store) => {
        const known = await settled(store.index("key").count(entry.key));
        if (known === 0) await settled(store.add(entry));
      }),
    update: (key, change) =>
      inTransaction(database, "readwrite", async (store) => {
        const entry: OutboxEntry | undefined = await settled(store.index("key").get(key));
        if (entry === undefined) return false;
        const changed = change(entry);
        if (changed === null) await settled(store.delete(entry.seq));
        else await settled(store.put(changed));
        return true;
      }),
  };
}
