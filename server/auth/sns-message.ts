import * as v from "valibot";
import { Time } from "../../shared/alert.ts";

const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));

export const SnsMessage = v.object({
  Type: v.picklist(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: text(128),
  TopicArn: text(512),
  Subject: v.optional(v.nullable(v.string())),
  Message: v.string(),
  Timestamp: Time,
  SignatureVersion: v.picklist(["1", "2"]),
  Signature: text(4_096),
  SigningCertURL: text(2_048),
  Token: v.optional(text(4_096)),
  SubscribeURL: v.optional(text(4_096)),
});
export type SnsMessage = v.InferOutput<typeof SnsMessage>;

/** AWS allows 256 KiB, which may double as a JSON text inside another. */
const longest = 1024 * 1024;
const openingBrace = 0x7b;

/** Whether a body may be an SNS message, at the cost of a look for one word. */
export function mayBeSns(body: Buffer): boolean {
  if (body.length > longest) return false;
  const start = body.findIndex((byte) => byte > 0x20);
  return body[start] === openingBrace && body.includes('"TopicArn"');
}

/** Null when the body is no SNS message. */
export function parseSns(body: Buffer): SnsMessage | null {
  if (!mayBeSns(body)) return null;
  try {
    const parsed = v.safeParse(SnsMessage, JSON.parse(body.toString("utf8")));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

const ofNotification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"] as const;
const ofConfirmation = [
  ...(["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"] as const),
] as const;

/** What AWS signs: names and values in the order of its manual, those that are there. */
export function signedText(message: SnsMessage): string {
  const names = message.Type === "Notification" ? ofNotification : ofConfirmation;
  return names
    .flatMap((name) => {
      const value = message[name];
      return typeof value === "string" ? [`${name}\n${value}\n`] : [];
    })
    .join("");
}

/** An address of SNS itself; whoever could choose another host would choose the key or be reached from here. */
export function snsAddress(address: string): URL | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const { protocol, hostname, port, username, password } = url;
  const isPlain = protocol === "https:" && port === "" && username === "" && password === "";
  return isPlain && /^sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?$/.test(hostname) ? url : null;
}
