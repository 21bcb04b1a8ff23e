import { createHash } from "node:crypto";
import type { HonoRequest } from "hono";
import type { Sns } from "../auth/sns.ts";
import { type SnsMessage, signedText } from "../auth/sns-message.ts";
import type { IdempotencyRequest } from "../context.ts";
import type { AlertsRequest } from "../services/alerts/accept-alerts.ts";

/** Whether the headers say that a request comes by Amazon SNS. */
export function saysSns(request: HonoRequest): boolean {
  return request.header("x-amz-sns-message-type") !== undefined || isRaw(request);
}

function isRaw(request: HonoRequest): boolean {
  return request.header("x-amz-sns-rawdelivery") !== undefined;
}

/** Has the body looked at before it is read: what SNS sends, and whatever looks like it, is checked. */
export function withSns(request: AlertsRequest, sns: Sns, from: HonoRequest): AlertsRequest {
  const said = { isSns: saysSns(from), isRaw: isRaw(from) };
  return { ...request, admit: (body) => sns.admit(body, said) };
}

/** SNS delivers at least once: a message is taken once by its own id, whatever else its copies carry. */
export function onceByMessage(message: SnsMessage): IdempotencyRequest {
  const bodyHash = createHash("sha256").update(signedText(message)).digest("base64url");
  return { key: `sns:${message.MessageId}`, route: "POST sns", bodyHash };
}
