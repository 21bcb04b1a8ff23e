/** Tells whoever waits that something was committed; what changed is read from the store by its sequence. */
export interface Hub {
  poke(): void;
  /** Calls `listener` after each poke until the returned function is called. */
  listen(listener: () => void): () => void;
  readonly listeners: number;
  /** Lets everyone who follows know that the server stops. */
  close(): void;
  readonly isClosed: boolean;
}

export function createHub(): Hub {
  const listeners = new Set<() => void>();
  let isClosed = false;
  const poke = () => {
    for (const listener of listeners) listener();
  };
  return {
    poke,
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listeners() {
      return listeners.size;
    },
    close: () => {
      isClosed = true;
      poke();
    },
    get isClosed() {
      return isClosed;
    },
  };
}
