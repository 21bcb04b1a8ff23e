import type { StoredAlert } from "../../../shared/group.ts";
import { chunkOfAlert, timeOfUuid } from "../../../shared/uuid.ts";
import type { Store } from "../../db/client.ts";
import type { PlacedEntry } from "../../intake/chunk.ts";
import { type PlaceReading, readPlace } from "../../intake/entry.ts";
import { readChunks } from "../../intake/log.ts";

/** Alerts by id in the order asked for, read from their chunks; what retention removed is missing. */
export async function readAlerts(
  store: Store,
  ids: readonly string[],
): Promise<Omit<StoredAlert, "group">[]> {
  const chunks = await readChunks(store.pool, [...new Set(ids.map((id) => chunkOfAlert(id).chunk))]);
  return ids.flatMap((id) => {
    const reading = readFrom(chunks, id);
    return reading === null ? [] : [storedAlert(id, reading)];
  });
}

/** One alert with the exact bytes it came in; null when it is not there. */
export async function readAlert(store: Store, id: string): Promise<PlaceReading | null> {
  return readFrom(await readChunks(store.pool, [chunkOfAlert(id).chunk]), id);
}

export function storedAlert(
  id: string,
  { alert, original, format }: PlaceReading,
): Omit<StoredAlert, "group"> {
  const receivedAt = new Date(timeOfUuid(id)).toISOString();
  return {
    id,
    receivedAt,
    occurredAt: alert.occurredAt ?? receivedAt,
    format,
    source: alert.source,
    rule: alert.rule,
    title: alert.title,
    severity: alert.severity,
    description: alert.description ?? null,
    original: original.toString("utf8"),
  };
}

function readFrom(chunks: Map<string, PlacedEntry[]>, id: string): PlaceReading | null {
  const { chunk, place } = chunkOfAlert(id);
  const entry = chunks.get(chunk)?.find(({ base, places }) => place >= base && place < base + places);
  return entry === undefined ? null : readPlace(entry, place - entry.base);
}
