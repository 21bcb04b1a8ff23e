import type { Alert, Format, Severity } from "../../shared/alert.ts";
import type { Mapping } from "../../shared/mapping.ts";
import type { Reading } from "../adapters/adapter.ts";
import { matchesMapping, readMapped } from "../adapters/mapped.ts";
import { adapterFor, detectFormat } from "../adapters/registry.ts";
import type { BodyType } from "./decode-body.ts";
import { type BodyRecord, type Cut, recordBytes, recordsOf, requireFewAlerts } from "./records.ts";

/** What is kept beside a request's body so that it can be read again just as it was read first. */
export interface EntryHeader {
  /** `auto` finds each record's format out. */
  format: Format | "auto";
  type: BodyType;
  /** Who sent it. */
  actorId: string;
  /** Worst severity its sender may claim; null is any. */
  ceiling: Severity | null;
  /** Attributes of a CloudEvent that came as headers (its binary mode); every record is the data of one. */
  event?: Record<string, string>;
  /** What every record is read by, the whole document: the policy may hold another one by then. */
  mapping?: Mapping;
  /** With `auto`, what is tried on a record that no adapter knows. */
  candidates?: Mapping[];
}

/** One request in the log. */
export interface Entry {
  header: EntryHeader;
  body: Buffer;
}

/**
 * What each place of the entry holds; the same bytes always give the same readings. `used` collects the candidates
 * without which they would be other ones.
 * @throws ServiceError unreadable, too_many_alerts
 */
export function readEntry(entry: Entry, used?: Set<Mapping>): Reading[] {
  const { records, textIsClean } = recordsOf(entry.header.type, entry.body, cutOf(entry.header));
  const readings: Reading[] = [];
  for (const record of records) {
    for (const reading of readRecord(entry.header, record, textIsClean, used)) {
      readings.push(reading);
    }
    // One record may hold many alerts.
    requireFewAlerts(readings.length);
  }
  return readings;
}

/** Reads one place of an entry together with the exact bytes it came in. */
export function readPlace(entry: Entry, place: number): PlaceReading | null {
  let before = 0;
  const { records, textIsClean } = recordsOf(entry.header.type, entry.body, cutOf(entry.header));
  for (const [index, record] of records.entries()) {
    const readings = readRecord(entry.header, record, textIsClean);
    const reading = readings[place - before];
    if (reading?.alert !== undefined) {
      const original = recordBytes(entry.header.type, entry.body, index, cutOf(entry.header));
      return { alert: reading.alert, original, format: formatOf(entry.header, record.value) };
    }
    before += readings.length;
  }
  return null;
}

/** The exact bytes of the records that some places came from, taken or not; null where there is no such place. */
export function bytesAt(entry: Entry, places: readonly number[]): (Buffer | null)[] {
  const { type } = entry.header;
  const cut = cutOf(entry.header);
  const { records, textIsClean } = recordsOf(type, entry.body, cut);
  const found = new Map<number, Buffer>();
  const wanted = new Set(places);
  let place = 0;
  for (const [index, record] of records.entries()) {
    for (const _ of readRecord(entry.header, record, textIsClean)) {
      if (wanted.has(place)) found.set(place, recordBytes(type, entry.body, index, cut));
      place += 1;
    }
    if (found.size === wanted.size) break;
  }
  return places.map((one) => found.get(one) ?? null);
}

export interface PlaceReading {
  alert: Alert;
  original: Buffer;
  format: string;
}

/** How a plain text of the format is cut into its records. */
export function cutOf({ format }: Pick<EntryHeader, "format">): Cut | undefined {
  return format === "auto" ? undefined : adapterFor(format).textRecords;
}

/** Name of the format, or of the mapping, that a record of the entry is read by. */
export function formatOf(header: EntryHeader, record: unknown): string {
  return readerOf(header, record)?.format ?? "generic";
}

function readRecord(
  header: EntryHeader,
  record: BodyRecord,
  textIsClean: boolean,
  used?: Set<Mapping>,
): Reading[] {
  if (record.reject !== undefined) return [{ reject: record.reject }];
  const reader = readerOf(header, record.value, used);
  const value = header.event === undefined ? record.value : { ...header.event, data: record.value };
  if (reader !== null) return reader.read(value, textIsClean);
  const message = "no known format; name it in the path, such as /api/v1/ingest/wazuh";
  return [{ reject: { code: "unknown_format", message } }];
}

interface Reader {
  format: string;
  read(record: unknown, textIsClean: boolean): Reading[];
}

function readerOf(header: EntryHeader, record: unknown, used?: Set<Mapping>): Reader | null {
  if (header.mapping !== undefined) return mappedReader(header.mapping);
  const format = header.format === "auto" ? detectFormat(record) : header.format;
  if (format !== null) return adapterFor(format);
  const matching = header.candidates?.filter((mapping) => matchesMapping(mapping, record)) ?? [];
  for (const mapping of matching) used?.add(mapping);
  const [found, second] = matching;
  return found !== undefined && second === undefined ? mappedReader(found) : null;
}

function mappedReader(mapping: Mapping): Reader {
  return { format: mapping.name, read: (record) => readMapped(mapping, record) };
}
