import { carriedObject, type Opened } from "./carried-object.ts";
import { invalid } from "./fit-alert.ts";
import { isRecord, type JsonRecord, textAt } from "./text-field.ts";

const messageTypes = ["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"];

export function isSnsEnvelope(record: unknown): record is JsonRecord {
  if (!isRecord(record) || typeof record.Type !== "string" || !messageTypes.includes(record.Type))
    return false;
  return typeof record.TopicArn === "string" && record.Message !== undefined;
}

/**
 * The object in the `Message` of an Amazon SNS notification. Signatures are the route's to check. A confirmation
 * carries no alert, and nothing here follows its link.
 */
export function openSns(envelope: JsonRecord): Opened {
  if (envelope.Type !== "Notification") {
    const message = `Type: an SNS ${textAt(envelope, "Type")} carries no alert; only a Notification does`;
    return { rejected: invalid(message) };
  }
  return carriedObject(textAt(envelope, "Message") ?? "", "Message");
}
