export interface Arrangement {
  /** Ids in the order they are shown. */
  rows: string[];
  /** Ids that came since and wait until the reader asks for them. */
  fresh: string[];
}

/**
 * Keeps the list still under the reader: rows stay where they were, what left closes up, what came waits.
 * `known` is every id shown so far in its order, also of rows that left, so that an undo finds its place.
 */
export function arrange(known: readonly string[], wanted: readonly string[]): Arrangement {
  const isWanted = new Set(wanted);
  const isKnown = new Set(known);
  const rows = known.filter((id) => isWanted.has(id));
  if (rows.length === 0) return { rows: [...wanted], fresh: [] };
  return { rows, fresh: wanted.filter((id) => !isKnown.has(id)) };
}

/** The row to stand on when `current` has left: the one that moved into its place, else the last. */
export function nextCurrent(
  before: readonly string[],
  after: readonly string[],
  current: string | null,
): string | null {
  if (current !== null && after.includes(current)) return current;
  const place = current === null ? -1 : before.indexOf(current);
  for (const id of before.slice(place + 1)) if (after.includes(id)) return id;
  return (place === -1 ? after[0] : after.at(-1)) ?? null;
}
