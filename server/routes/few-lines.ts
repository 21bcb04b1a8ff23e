/** Lets few of many through, and says with the next how many it held back since. */
export interface FewLines {
  /** How many were held back before this one; null when it is held back itself. */
  next(): number | null;
}

const windowMs = 1_000;

export function createFewLines(mostPerSecond: number): FewLines {
  let since = Number.NEGATIVE_INFINITY;
  let through = 0;
  let held = 0;
  return {
    next: () => {
      const now = performance.now();
      if (now - since >= windowMs) {
        since = now;
        through = 0;
      }
      if (through >= mostPerSecond) {
        held += 1;
        return null;
      }
      through += 1;
      const before = held;
      held = 0;
      return before;
    },
  };
}
