/** Tells whoever waits that something was committed; what changed is read from the store by its sequence. */
export interface Hub {
  poke(): void;
  /** Calls `listener` after each poke until the returned function is called. */
  listen(listener: () => void): () => void;
  readonly listeners: number;
}

export function createHub(): Hub {
  const listeners = new Set<() => void>();
  return {
    poke: () => {
      for (const listener of listeners) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get listeners() {
      return listeners.size;
    },
  };
}
