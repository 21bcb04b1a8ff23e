import { inArray } from "drizzle-orm";
import type { Store } from "../../db/client.ts";
import { alertIndex } from "../../db/schema.ts";
import type { PlacedEntry } from "../../intake/chunk.ts";
import { cutOf } from "../../intake/entry.ts";
import { readChunks } from "../../intake/log.ts";
import { recordsOf } from "../../intake/records.ts";
import { type IndexPayload, unpackIndex } from "../triage/alert-index.ts";
import { labelledSources, type PostedAlert } from "./firing-group.ts";

interface Group {
  id: string;
  source: string;
  labels: Record<string, string>;
  lastIndex: string | null;
}

/** Groups by the places of their newest alerts, by chunk. */
type Places = Map<string, Map<number, Group>>;

/** Characters of an alert that is shown as it was sent; a longer one is shown by what its group keeps. */
const longest = 32_768;

/**
 * The newest alert of each group as it was sent, by group; what retention removed and what is not known by labels is
 * missing. One chunk is unpacked at a time.
 */
export async function readPosted(store: Store, groups: readonly Group[]): Promise<Map<string, PostedAlert>> {
  const wanted = groups.filter(({ source }) => labelledSources.includes(source));
  const posted = new Map<string, PostedAlert>();
  for (const [chunk, places] of await newestPlaces(store, wanted)) {
    const entries = (await readChunks(store.pool, [chunk])).get(chunk) ?? [];
    for (const entry of entries) readEntryPlaces(entry, places, posted);
  }
  return posted;
}

async function newestPlaces({ db }: Store, groups: readonly Group[]): Promise<Places> {
  const places: Places = new Map();
  const indexes = [...new Set(groups.flatMap(({ lastIndex }) => lastIndex ?? []))];
  if (indexes.length === 0) return places;
  const rows = await db
    .select({ id: alertIndex.id, bytes: alertIndex.bytes })
    .from(alertIndex)
    .where(inArray(alertIndex.id, indexes));
  for (const { id, bytes } of rows) {
    const here = groups.filter(({ lastIndex }) => lastIndex === id);
    const left = new Map(here.map((group) => [group.id, group]));
    findNewest(await unpackIndex(bytes), left, places);
  }
  return places;
}

/** The stretch is read from its end: the first place of a group met there is its newest. */
function findNewest({ groups, chunks }: IndexPayload, left: Map<string, Group>, places: Places): void {
  for (const chunk of [...chunks].reverse()) {
    for (let place = chunk.places.length - 1; place >= 0 && left.size > 0; place -= 1) {
      const group = left.get(groups[chunk.places[place] ?? -1] ?? "");
      if (group === undefined) continue;
      left.delete(group.id);
      const inChunk = places.get(chunk.id) ?? new Map<number, Group>();
      places.set(chunk.id, inChunk.set(place, group));
    }
  }
}

function readEntryPlaces(
  entry: PlacedEntry,
  places: ReadonlyMap<number, Group>,
  posted: Map<string, PostedAlert>,
): void {
  const last = entry.base + entry.places;
  const mine = [...places].filter(([place]) => place >= entry.base && place < last);
  if (mine.length === 0) return;
  const items = itemsOf(entry);
  for (const [place, group] of mine) {
    const own = items[place - entry.base];
    const isOwn = own !== undefined && isOf(own, group);
    const found = isOwn ? own : items.find((item) => isOf(item, group));
    if (found !== undefined && JSON.stringify(found).length <= longest) posted.set(group.id, postedOf(found));
  }
}

/** A record is an alert itself or a notification that holds many. */
function itemsOf({ header, body }: PlacedEntry): Record<string, unknown>[] {
  return recordsOf(header.type, body, cutOf(header)).records.flatMap(({ value }) => {
    if (!isRecord(value)) return [];
    return Array.isArray(value.alerts) ? value.alerts.filter(isRecord) : [value];
  });
}

/** The newest alert of a group has the labels that the group keeps; a value over the limit up to an ellipsis. */
function isOf({ labels }: Record<string, unknown>, group: Group): boolean {
  if (!isRecord(labels)) return false;
  return Object.entries(group.labels).every(([name, kept]) => {
    const whole = Object.hasOwn(labels, name) ? labels[name] : undefined;
    if (whole === kept) return true;
    return typeof whole === "string" && kept.endsWith("…") && whole.startsWith(kept.slice(0, -1));
  });
}

function postedOf({ labels, annotations, startsAt, generatorURL }: Record<string, unknown>): PostedAlert {
  return {
    labels: textsOf(labels),
    annotations: textsOf(annotations),
    startsAt: typeof startsAt === "string" ? startsAt : null,
    generatorURL: typeof generatorURL === "string" ? generatorURL : null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Texts by name; empty ones count as not there, as they do for Prometheus. */
function textsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === "string" && text !== "" ? [[name, text]] : [],
    ),
  );
}
