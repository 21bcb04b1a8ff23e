import { verify } from "node:crypto";
import type { Actor, Deps } from "../context.ts";
import { NotAllowedError, OverloadedError, ServiceError } from "../errors.ts";
import { fetchShort } from "./fetch-short.ts";
import { isNamedBy } from "./name-pattern.ts";
import { createSnsKeys, type SnsKeys } from "./sns-keys.ts";
import { parseSns, type SnsMessage, signedText, snsAddress } from "./sns-message.ts";
import { senderOnly } from "./workload.ts";

type SnsDeps = Pick<Deps, "clock" | "fetch" | "log" | "policy">;

/** What SNS says of a message in the headers of its request. */
export interface SnsHeaders {
  isSns: boolean;
  /** The topic's message without its envelope. */
  isRaw: boolean;
}

/** Looks at what may have come by Amazon SNS. */
export interface Sns {
  /**
   * What a body is: `alerts` to be read, by SNS or not, or `nothing` once a message about the subscription is dealt
   * with. A message by SNS has passed every check then.
   * @throws NotAllowedError, OverloadedError
   */
  admit(body: Buffer, headers: SnsHeaders): Promise<"alerts" | "nothing">;
}

/** The longest SNS tries to deliver over HTTP is an hour; later it can only be somebody's copy. */
const oldestMs = 75 * 60_000;
const mostAheadMs = 5 * 60_000;
const longestAnswer = 64 * 1024;

export function createSns(deps: SnsDeps): Sns {
  const keys = createSnsKeys(deps);
  const admit = async (message: SnsMessage): Promise<"alerts" | "nothing"> => {
    requireAllowed(deps, message);
    await requireSigned(keys, message);
    if (message.Type === "Notification") return "alerts";
    if (message.Type === "SubscriptionConfirmation") await confirm(deps, message);
    const type = message.Type === "SubscriptionConfirmation" ? "confirmed" : "unsubscribed";
    deps.log("info", `intake.sns.${type}`, { topic: message.TopicArn });
    return "nothing";
  };
  return {
    admit: async (body, headers) => {
      const message = parseSns(body);
      if (message === null && !headers.isSns) return "alerts";
      try {
        return await admit(requireMessage(message, headers));
      } catch (error) {
        const topic = message?.TopicArn ?? null;
        if (error instanceof ServiceError) {
          deps.log("warn", "intake.sns.refused", { topic, reason: error.message });
        }
        throw error;
      }
    },
  };
}

/** Who sends what a topic carries; it is somebody only once the message is admitted. */
export function topicActor(message: SnsMessage | null): Actor {
  const name = (message?.TopicArn ?? "unknown").replaceAll("\0", "").toWellFormed();
  return { ...senderOnly, id: `sns:${name}`, name };
}

function requireMessage(message: SnsMessage | null, { isRaw }: SnsHeaders): SnsMessage {
  if (isRaw) {
    throw new NotAllowedError("SNS does not sign raw deliveries; turn raw message delivery off");
  }
  if (message === null) throw new NotAllowedError("the body is not a message as SNS sends it");
  return message;
}

/** What can be seen without reaching anybody, so that strangers make the server fetch nothing. */
function requireAllowed(
  { policy, clock }: SnsDeps,
  { TopicArn, Timestamp, SigningCertURL }: SnsMessage,
): void {
  if (!policy().intake.sns.topics.some((pattern) => isNamedBy(TopicArn, pattern))) {
    throw new NotAllowedError("the policy does not name this SNS topic (intake.sns.topics)");
  }
  const age = clock() - Date.parse(Timestamp);
  if (age > oldestMs || age < -mostAheadMs) {
    throw new NotAllowedError("the SNS message's Timestamp is not of the last hour");
  }
  const address = snsAddress(SigningCertURL);
  if (address === null || !/^\/[\w-]+\.pem$/.test(address.pathname) || address.search !== "") {
    throw new NotAllowedError(
      "SigningCertURL is not a certificate of SNS (https://sns.….amazonaws.com/….pem)",
    );
  }
}

async function requireSigned(keys: SnsKeys, message: SnsMessage): Promise<void> {
  const key = await keys(new URL(message.SigningCertURL));
  const algorithm = message.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
  const signature = Buffer.from(message.Signature, "base64");
  if (!verify(algorithm, Buffer.from(signedText(message)), key, signature)) {
    throw new NotAllowedError("the SNS message's signature is not valid");
  }
}

async function confirm({ fetch }: SnsDeps, { SubscribeURL, TopicArn }: SnsMessage): Promise<void> {
  const address = snsAddress(SubscribeURL ?? "");
  const query = address?.searchParams;
  if (
    address === null ||
    query?.get("Action") !== "ConfirmSubscription" ||
    query.get("TopicArn") !== TopicArn
  ) {
    throw new NotAllowedError("SubscribeURL does not confirm this topic at SNS");
  }
  await fetchShort(fetch, address, longestAnswer).catch(() => {
    throw new OverloadedError("SNS did not take the confirmation; it will be asked again", 10);
  });
}
