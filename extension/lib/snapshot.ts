import type { Band, Item } from "../../shared/group.ts";
import type { Counts, QueueAnswer } from "../../shared/queue.ts";

/** The queue as the extension last knew it; what the popup paints before anything else. */
export interface Snapshot {
  /** Visible P1 to P3, open or acknowledged, in queue order; at most `longest`. */
  items: Item[];
  counts: Counts;
  version: number;
  etag: string | null;
  /** The server holds more than stands here. */
  more: boolean;
  /** When the server last said that this is so; milliseconds. */
  at: number;
  /** Versions of items that left, so that a late answer cannot bring an older state back. */
  left: Record<string, number>;
}

const longest = 200;
const bandRank: Readonly<Record<Band, number>> = { P1: 1, P2: 2, P3: 3, P4: 4, P5: 5 };

/** The queue's order: band, score descending, last seen descending, id. */
export function compareItems(a: Item, b: Item): number {
  if (a.band !== b.band) return bandRank[a.band] - bandRank[b.band];
  if (a.score !== b.score) return b.score - a.score;
  if (a.lastSeen !== b.lastSeen) return a.lastSeen < b.lastSeen ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

/** Whether the item stands in the queue by itself, as `GET /queue` answers it without filters. */
export function belongs(item: Item): boolean {
  const isMember =
    (item.rollupId !== null && item.rollupId !== item.id) ||
    (item.incidentId !== null && item.incidentId !== item.id);
  const isInHand = item.status === "open" || item.status === "acknowledged";
  return isInHand && bandRank[item.band] <= 3 && item.hidden === null && !isMember;
}

export function needsPerson(item: Item): boolean {
  return item.status === "open" && belongs(item);
}

function heldVersion(snapshot: Snapshot, id: string): number {
  return snapshot.items.find((item) => item.id === id)?.version ?? snapshot.left[id] ?? -1;
}

function lastOf(left: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(left).slice(-longest));
}

/** One item as the server just told it; an older state of it than the one held is ignored. */
export function mergeItem(snapshot: Snapshot, item: Item): Snapshot {
  if (item.version < heldVersion(snapshot, item.id)) return snapshot;
  const others = snapshot.items.filter((held) => held.id !== item.id);
  const { [item.id]: _, ...left } = snapshot.left;
  if (!belongs(item)) {
    return { ...snapshot, items: others, left: lastOf({ ...left, [item.id]: item.version }) };
  }
  const items = [...others, item].sort(compareItems);
  return { ...snapshot, items: items.slice(0, longest), more: snapshot.more || items.length > longest, left };
}

/** A whole queue answer; it may have been written before an action whose answer is already here. */
export function mergeQueue(
  snapshot: Snapshot | null,
  answer: QueueAnswer,
  etag: string | null,
  at: number,
): Snapshot {
  const held = new Map(snapshot?.items.map((item) => [item.id, item]));
  const left = snapshot?.left ?? {};
  const items: Item[] = [];
  for (const item of answer.items) {
    const own = held.get(item.id);
    if (item.version < (left[item.id] ?? -1)) continue;
    items.push(own !== undefined && own.version > item.version ? own : item);
  }
  items.sort(compareItems);
  const { counts, version } = answer;
  return { items, counts, version, etag, more: answer.next !== null, at, left };
}
