import type { Alert, Format, Severity } from "../../shared/alert.ts";
import type { Adapter, Reading } from "../adapters/adapter.ts";
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
}

/** One request in the log. */
export interface Entry {
  header: EntryHeader;
  body: Buffer;
}

/**
 * What each place of the entry holds; the same bytes always give the same readings.
 * @throws ServiceError unreadable, too_many_alerts
 */
export function readEntry(entry: Entry): Reading[] {
  const { records, textIsClean } = recordsOf(entry.header.type, entry.body, cutOf(entry.header));
  const readings: Reading[] = [];
  for (const record of records) {
    for (const reading of readRecord(entry.header, record, textIsClean)) readings.push(reading);
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
      return { alert: reading.alert, original, format: formatOf(entry.header, record) };
    }
    before += readings.length;
  }
  return null;
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

function formatOf(header: EntryHeader, record: BodyRecord): string {
  return header.format === "auto" ? (detectFormat(record.value) ?? "generic") : header.format;
}

function readRecord(header: EntryHeader, record: BodyRecord, textIsClean: boolean): Reading[] {
  if (record.reject !== undefined) return [{ reject: record.reject }];
  const adapter = adapterOf(header, record.value);
  const value = header.event === undefined ? record.value : { ...header.event, data: record.value };
  if (adapter !== null) return adapter.read(value, textIsClean);
  const message = "no known format; name it in the path, such as /api/v1/ingest/wazuh";
  return [{ reject: { code: "unknown_format", message } }];
}

function adapterOf(header: EntryHeader, record: unknown): Adapter | null {
  const format = header.format === "auto" ? detectFormat(record) : header.format;
  return format === null ? null : adapterFor(format);
}
