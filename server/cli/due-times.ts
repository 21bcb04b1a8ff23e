interface Due {
  at: number;
  key: string;
}

/** What is due when, earliest first; entries may be out of date, the taker looks. */
export interface DueTimes {
  add(at: number, key: string): void;
  /** Takes the earliest that is due by `now`; null when there is none. */
  take(now: number): Due | null;
}

const isBefore = (one: Due, other: Due) => one.at < other.at || (one.at === other.at && one.key < other.key);

/** A binary heap: replays hold as many timers as there are firing groups. */
export function createDueTimes(): DueTimes {
  const heap: Due[] = [];
  const at = (i: number): Due | undefined => heap[i];

  function rise(from: number): void {
    let i = from;
    for (let parent = (i - 1) >> 1; i > 0; parent = (i - 1) >> 1) {
      const [mine, above] = [at(i), at(parent)];
      if (mine === undefined || above === undefined || !isBefore(mine, above)) return;
      heap[i] = above;
      heap[parent] = mine;
      i = parent;
    }
  }

  function sink(): void {
    for (let i = 0; ; ) {
      let first = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        const [mine, other] = [at(first), at(child)];
        if (mine !== undefined && other !== undefined && isBefore(other, mine)) first = child;
      }
      const [mine, other] = [at(i), at(first)];
      if (first === i || mine === undefined || other === undefined) return;
      heap[i] = other;
      heap[first] = mine;
      i = first;
    }
  }

  return {
    add: (time, key) => {
      heap.push({ at: time, key });
      rise(heap.length - 1);
    },
    take: (now) => {
      const [first] = heap;
      if (first === undefined || first.at > now) return null;
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
  };
}
