/** How long a commit may be held back for requests that are on their way. */
const patienceMs = 3;

/**
 * Lets requests that come at about the same time be committed together: as many as the last time are waited for,
 * and that only for a moment. A lone sender waits for nobody.
 */
export interface Gathering {
  /** Resolves when it is time to commit what waits. */
  ready(waiting: () => number): Promise<void>;
  /** One more waits. */
  joined(waiting: number): void;
  /** So many were committed. */
  committed(count: number): void;
}

export function createGathering(): Gathering {
  let expected = 1;
  let wake: (() => void) | null = null;
  return {
    ready: async (waiting) => {
      // A tick, for those that arrived together.
      await new Promise((resolve) => setImmediate(resolve));
      if (waiting() >= expected) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, patienceMs);
        function done(): void {
          clearTimeout(timer);
          wake = null;
          resolve();
        }
        wake = done;
      });
    },
    joined: (waiting) => {
      if (waiting >= expected) wake?.();
    },
    committed: (count) => {
      expected = count;
    },
  };
}
