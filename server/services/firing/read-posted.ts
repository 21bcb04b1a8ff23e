import { inArray } from "drizzle-orm";
import type { Alert } from "../../../shared/alert.ts";
import type { Store } from "../../db/client.ts";
import { alertIndex } from "../../db/schema.ts";
import type { PlacedEntry } from "../../intake/chunk.ts";
import { readChunks } from "../../intake/log.ts";
import { entryAlerts } from "../export/entry-alerts.ts";
import { type IndexPayload, unpackIndex } from "../triage/alert-index.ts";
import { labelledSources, type PostedAlert } from "./firing-group.ts";

interface Group {
  id: string;
  source: string;
  lastIndex: string | null;
}

/** Group ids by the places of their newest alerts, by chunk. */
type Places = Map<string, Map<number, string>>;

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
    const here = groups.filter(({ lastIndex }) => lastIndex === id).map((group) => group.id);
    findNewest(await unpackIndex(bytes), new Set(here), places);
  }
  return places;
}

/** The stretch is read from its end: the first place of a group met there is its newest. */
function findNewest({ groups, chunks }: IndexPayload, left: Set<string>, places: Places): void {
  for (const chunk of [...chunks].reverse()) {
    for (let place = chunk.places.length - 1; place >= 0 && left.size > 0; place -= 1) {
      const group = groups[chunk.places[place] ?? -1];
      if (group === undefined || !left.delete(group)) continue;
      const inChunk = places.get(chunk.id) ?? new Map<number, string>();
      places.set(chunk.id, inChunk.set(place, group));
    }
  }
}

function readEntryPlaces(
  entry: PlacedEntry,
  places: ReadonlyMap<number, string>,
  posted: Map<string, PostedAlert>,
): void {
  const last = entry.base + entry.places;
  const mine = [...places.keys()].filter((place) => place >= entry.base && place < last);
  if (mine.length === 0) return;
  let left = mine.length;
  for (const { place, alert, original } of entryAlerts(entry)) {
    const group = places.get(place);
    if (group === undefined) continue;
    const found = postedIn(original, alert);
    if (found !== null) posted.set(group, found);
    left -= 1;
    if (left === 0) return;
  }
}

/** A record is an alert itself or a notification that holds many, told apart by their labels. */
function postedIn(original: string, { labels = {} }: Alert): PostedAlert | null {
  const record: unknown = JSON.parse(original);
  if (!isRecord(record)) return null;
  const items: unknown[] = Array.isArray(record.alerts) ? record.alerts : [record];
  const found = items.filter(isRecord).find((one) => {
    const own = textsOf(one.labels);
    return Object.entries(labels).every(([name, value]) => own[name] === value || isCut(own[name], value));
  });
  if (found === undefined) return null;
  return {
    labels: textsOf(found.labels),
    annotations: textsOf(found.annotations),
    startsAt: typeof found.startsAt === "string" ? found.startsAt : null,
    generatorURL: typeof found.generatorURL === "string" ? found.generatorURL : null,
  };
}

/** A value over the limit is kept up to an ellipsis. */
function isCut(whole: string | undefined, kept: string): boolean {
  return kept.endsWith("…") && whole?.startsWith(kept.slice(0, -1)) === true;
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
