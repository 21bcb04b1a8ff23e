/**
 * Lets senders take turns at having their bodies read: whoever floods waits for its own bodies, and everybody else
 * for one of them at the most.
 */
export interface Turns {
  /** Resolves when a body of this size may be read; at once while there is room in this tick of the event loop. */
  take(sender: string, bytes: number): Promise<void> | undefined;
}

/** Read in one tick; JSON of this size is parsed in about a millisecond. */
const bytesATick = 256 * 1024;

interface Waiting {
  bytes: number;
  begin(): void;
}

export function createTurns(): Turns {
  /** By sender, in the order of their next turn. */
  const queues = new Map<string, Waiting[]>();
  let spent = 0;
  let isTicking = false;

  function tick(): void {
    isTicking = false;
    spent = 0;
    while (spent < bytesATick) {
      const [next] = queues;
      if (next === undefined) break;
      const [sender, queue] = next;
      const one = queue.shift();
      queues.delete(sender);
      // Behind all others.
      if (queue.length > 0) queues.set(sender, queue);
      spent += one?.bytes ?? 0;
      one?.begin();
    }
    if (spent > 0) later();
  }

  function later(): void {
    if (isTicking) return;
    isTicking = true;
    setImmediate(tick);
  }

  return {
    take: (sender, bytes) => {
      later();
      if (queues.size === 0 && spent < bytesATick) {
        spent += bytes;
        return undefined;
      }
      return new Promise((begin) => {
        const queue = queues.get(sender) ?? [];
        queue.push({ bytes, begin });
        queues.set(sender, queue);
      });
    },
  };
}
