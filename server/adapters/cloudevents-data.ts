import { fewRecords } from "./as-list.ts";
import { jsonIn } from "./json-text.ts";
import { isRecord, type JsonRecord } from "./text-field.ts";

/** One thing that an event's data holds; a list holds several. */
export interface EventItem {
  value: unknown;
  /** It stands in the event as it is, so that what is known of the event's text holds for it. */
  isPlain: boolean;
}

function dataOf(event: JsonRecord): EventItem {
  if (typeof event.data_base64 === "string") {
    return { value: jsonIn(Buffer.from(event.data_base64, "base64").toString("utf8")), isPlain: false };
  }
  const { data } = event;
  return typeof data === "string" ? { value: jsonIn(data), isPlain: false } : { value: data, isPlain: true };
}

/** What the event carries, a list item by item; an event without data, or with an empty list, holds nothing once. */
export function eventItems(event: JsonRecord): EventItem[] {
  const { value, isPlain } = dataOf(event);
  const items: unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
  return fewRecords(items).map((item) => ({ value: item, isPlain }));
}

/** The attributes that every CloudEvent has. */
export function isCloudEvent(record: unknown): record is JsonRecord {
  if (!isRecord(record) || typeof record.specversion !== "string") return false;
  return typeof record.type === "string" && typeof record.source === "string" && record.id !== undefined;
}
