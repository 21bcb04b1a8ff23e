import { beginAt, findAgain, lastLineEnd, type Place, putAside } from "./ship-place.ts";
import { openSource } from "./ship-source.ts";
import type { Position, ShipState } from "./ship-state.ts";

/** Where one followed name stands: which file, open, and how far it was sent. */
export interface Bookmark {
  /** Null while there is no such file. */
  find(): Promise<Place | null>;
  /** False where the file at `path` is not there, or is another than `id` by now. */
  goOnWith(path: string, id: string): Promise<boolean>;
  /** Gives the place with its new position; kept in memory until the state is saved. */
  keep(place: Place, change: Partial<Position>): Place;
  /** Nothing but what was sent stands in the file now. */
  seenEmpty(): void;
  /** The file changed under us; it is looked for anew. */
  letGo(): Promise<void>;
  close(): Promise<void>;
}

export interface BookmarkParts {
  state: ShipState;
  /** Where a file begins that was not followed before. */
  from: "start" | "end";
  say(sentence: string): void;
}

export function createBookmark(file: string, { state, say, ...parts }: BookmarkParts): Bookmark {
  let at: Place | null = null;
  let from = parts.from;
  let seenMs = 0;

  const keep = (place: Place, change: Partial<Position>): Place => {
    seenMs = Date.now();
    at = { ...place, position: { ...place.position, seenMs, ...change } };
    state.put(file, at.position);
    return at;
  };

  async function begin(path: string, offset: "start" | "end", id?: string): Promise<Place | null> {
    const source = await openSource(path, state.path);
    if (source === null) return null;
    if (id !== undefined && source.id !== id) return source.close().then(() => null);
    const place = await beginAt(source, offset === "end" ? await lastLineEnd(source) : 0);
    const before = at;
    keep(place, {});
    await state.save();
    await before?.source.close();
    return at;
  }

  async function beginNew(): Promise<Place | null> {
    const place = await begin(file, from);
    // A file that comes later is new from its first line on.
    from = "start";
    return place;
  }

  async function findKept(position: Position): Promise<Place | null> {
    const source = await findAgain(file, position, state.path);
    const isUntouched = position.offset === 0 && position.pending === null;
    const aside = source === null || isUntouched ? await putAside(file, position) : null;
    if (source !== null && aside === null) return { source, position };
    await source?.close();
    const place = await begin(aside?.path ?? file, "start", aside?.id);
    if (place === null || isUntouched) return place;
    say(
      `${file} was cut off or replaced; what came after byte ${position.offset}, if anything, is not found`,
    );
    return place;
  }

  return {
    find: async () => {
      if (at !== null) return at;
      const kept = state.get(file);
      at = await (kept === null ? beginNew() : findKept({ ...kept, seenMs: Math.max(kept.seenMs, seenMs) }));
      return at;
    },
    goOnWith: async (path, id) => (await begin(path, "start", id)) !== null,
    keep,
    seenEmpty: () => {
      seenMs = Date.now();
    },
    letGo: async () => {
      await at?.source.close();
      at = null;
    },
    close: async () => {
      if (at === null) return;
      state.put(file, { ...at.position, seenMs: Math.max(at.position.seenMs, seenMs) });
      await at.source.close();
      at = null;
    },
  };
}
