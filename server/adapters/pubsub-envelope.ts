import { carriedObject, type Opened } from "./carried-object.ts";
import { invalid } from "./fit-alert.ts";
import { isRecord, type JsonRecord, textAt } from "./text-field.ts";

/** Both alphabets, because senders that are not Google's use either; Buffer alone would skip what it cannot read. */
const base64 = /^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/;

function isPubSubEnvelope(record: JsonRecord): boolean {
  const { message, subscription } = record;
  if (!isRecord(message)) return false;
  const hasId = message.messageId !== undefined || message.message_id !== undefined;
  return typeof subscription === "string" || (hasId && message.data !== undefined);
}

function textOf(data: string): string | undefined {
  const compact = data.replace(/\s+/g, "");
  if (!base64.test(compact)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(compact, "base64"));
  } catch {
    // Bytes that are no UTF-8 are told to the sender like a text that is no base64.
    return undefined;
  }
}

function openMessage(message: unknown): Opened {
  const data = textAt(message, "data");
  if (data === undefined) return { rejected: invalid("message.data: is required in a Pub/Sub message") };
  const text = textOf(data);
  if (text === undefined) return { rejected: invalid("message.data: must be base64 of UTF-8 text") };
  return carriedObject(text, "message.data");
}

/** The object that a Pub/Sub push request carries; with payload unwrapping it is the record itself. */
export function openPubSub(record: JsonRecord): Opened {
  return isPubSubEnvelope(record) ? openMessage(record.message) : { inner: record };
}

/** What can be seen of a record through its envelope; `isBroken` when it is one that cannot be opened. */
export function lookIntoPubSub(record: unknown): { inner?: JsonRecord; isBroken: boolean } {
  if (!isRecord(record)) return { isBroken: false };
  const { inner } = openPubSub(record);
  return inner ? { inner, isBroken: false } : { isBroken: true };
}
