import { isRecord, type JsonRecord } from "./text-field.ts";

/** One thing that an event's data holds; a list holds several. */
export interface EventItem {
  value: unknown;
  /** It stands in the event as it is, so that what is known of the event's text holds for it. */
  isPlain: boolean;
}

/** Text that is an object or a list in JSON is read as one: many senders write JSON into `data` as a string. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Then it is text that only begins like JSON, and is shown as text.
    return text;
  }
}

function dataOf(event: JsonRecord): EventItem {
  if (typeof event.data_base64 === "string") {
    return { value: parsed(Buffer.from(event.data_base64, "base64").toString("utf8")), isPlain: false };
  }
  const { data } = event;
  return typeof data === "string" ? { value: parsed(data), isPlain: false } : { value: data, isPlain: true };
}

/** What the event carries, a list item by item; an event without data, or with an empty list, holds nothing once. */
export function eventItems(event: JsonRecord): EventItem[] {
  const { value, isPlain } = dataOf(event);
  const items: unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
  return items.map((item) => ({ value: item, isPlain }));
}

/** Three attributes that every CloudEvent has, in the versions of one field name each: 0.3 and 1.x. */
export function isCloudEvent(record: unknown): record is JsonRecord {
  if (!isRecord(record) || typeof record.specversion !== "string") return false;
  return typeof record.type === "string" && typeof record.source === "string" && record.id !== undefined;
}
