import { type Band, bands, type Item } from "../../../shared/group.ts";
import { bandsShown, type Filters } from "./filters.ts";

/** The part of the queue that is on the page. `waiting` came in while the reader was reading. */
export interface Listing {
  items: readonly Item[];
  waiting: readonly Item[];
  next: string | null;
}

export const emptyListing: Listing = { items: [], waiting: [], next: null };

const rank = (band: Band) => bands.indexOf(band);

/** The order of the server: band, score descending, last seen descending, id. */
export function compareItems(a: Item, b: Item): number {
  return (
    rank(a.band) - rank(b.band) ||
    b.score - a.score ||
    Date.parse(b.lastSeen) - Date.parse(a.lastSeen) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

/** Whether an item that changed stands in the list; only the server knows what a search or entity finds. */
export function belongs(item: Item, filters: Filters): boolean {
  if (item.rollupId !== null || item.incidentId !== null) return false;
  const isOpen = item.status === "open" || item.status === "acknowledged";
  if (filters.status === null ? !isOpen : item.status !== filters.status) return false;
  if (filters.status === null && filters.hidden !== (item.hidden !== null)) return false;
  if (!bandsShown(filters).includes(item.band)) return false;
  if (filters.environment.length > 0 && !filters.environment.includes(item.environment)) return false;
  return filters.severity.length === 0 || filters.severity.includes(item.severity);
}

function withItem(items: readonly Item[], item: Item): Item[] {
  return [...items.filter((other) => other.id !== item.id), item];
}

function isBeyond(listing: Listing, item: Item): boolean {
  const last = listing.items.at(-1);
  return listing.next !== null && last !== undefined && compareItems(item, last) > 0;
}

function received(listing: Listing, item: Item, isWanted: boolean, isReading: boolean): Listing {
  const isListed = listing.items.some((other) => other.id === item.id);
  const waiting = listing.waiting.filter((other) => other.id !== item.id);
  if (!isWanted) return { ...listing, waiting, items: listing.items.filter((other) => other.id !== item.id) };
  if (isListed) {
    return {
      ...listing,
      waiting,
      items: listing.items.map((other) => (other.id === item.id ? item : other)),
    };
  }
  if (isBeyond(listing, item)) return { ...listing, waiting };
  if (isReading) return { ...listing, waiting: [...waiting, item] };
  return { ...listing, waiting, items: [...listing.items, item] };
}

export interface Reading {
  filters: Filters;
  /** The reader has scrolled or opened something: nothing may move under the eyes. */
  isReading: boolean;
  /** The opened item stays where it is, whatever happened to it. */
  keep: string | null;
}

/** The list after live changes. An unknown item never enters a searched list: that list is read again. */
export function receive(listing: Listing, changed: readonly Item[], reading: Reading): Listing {
  const { filters, isReading, keep } = reading;
  const isSearched = filters.q.trim() !== "" || filters.entity !== "";
  let next = listing;
  for (const item of changed) {
    const isListed = next.items.some((other) => other.id === item.id);
    if (isSearched && !isListed) continue;
    next = received(next, item, belongs(item, filters) || (isListed && item.id === keep), isReading);
  }
  return isReading || next === listing ? next : { ...next, items: [...next.items].sort(compareItems) };
}

export function showWaiting(listing: Listing): Listing {
  let items: readonly Item[] = listing.items;
  for (const item of listing.waiting) items = withItem(items, item);
  return { ...listing, waiting: [], items: [...items].sort(compareItems) };
}

/** A further page; an item that moved between the two readings is kept once, newest form. */
export function withPage(listing: Listing, page: { items: readonly Item[]; next: string | null }): Listing {
  let items: readonly Item[] = listing.items;
  for (const item of page.items) items = withItem(items, item);
  return { ...listing, items, next: page.next };
}
