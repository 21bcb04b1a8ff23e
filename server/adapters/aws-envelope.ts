import type { Opened } from "./carried-object.ts";
import { isSnsEnvelope, openSns } from "./sns-envelope.ts";
import { isRecord, type JsonRecord } from "./text-field.ts";

type EventBridgeEvent = JsonRecord & { "detail-type": string };

function isEventBridge(record: unknown): record is EventBridgeEvent {
  return isRecord(record) && typeof record["detail-type"] === "string" && typeof record.source === "string";
}

/** What AWS has to say, out of an SNS notification and an EventBridge event where it came in them. */
export interface AwsEvent {
  detail: unknown;
  /** The EventBridge event around it. */
  event?: EventBridgeEvent;
}

/** The event in an SNS notification, or the record itself. */
export function openAws(record: JsonRecord): Opened {
  return isSnsEnvelope(record) ? openSns(record) : { inner: record };
}

export function awsEventOf(record: JsonRecord): AwsEvent {
  return isEventBridge(record) ? { detail: record.detail, event: record } : { detail: record };
}

/** What can be seen of a record through its envelopes; undefined when they cannot be opened. */
export function lookInside(record: unknown): AwsEvent | undefined {
  const inner = isRecord(record) ? openAws(record).inner : undefined;
  return inner && awsEventOf(inner);
}
