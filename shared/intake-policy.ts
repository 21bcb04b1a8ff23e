import * as v from "valibot";
import { Severity } from "./alert.ts";
import { Mapping } from "./mapping.ts";

const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));

/** An https address; http only on this machine, for an identity provider under test. */
const keysAddress = v.pipe(
  v.string(),
  v.maxLength(2_048),
  v.check(isKeysAddress, "an https address, or http on 127.0.0.1 or localhost"),
);

function isKeysAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && /^(?:127\.0\.0\.1|localhost)$/.test(hostname));
}

/** In a pattern `*` stands for any run of characters; one that says nearly nothing would let everybody in. */
const narrow = v.pipe(
  text(256),
  v.check((pattern) => /[^*]{3}/.test(pattern), "a pattern with at least three characters that are not *"),
);
const narrowList = v.pipe(v.array(narrow), v.maxLength(200));

/** The region may be a pattern, the account not: topics of other accounts are other people's. */
const topicArn = v.pipe(
  text(512),
  v.regex(
    /^arn:aws(?:-cn|-us-gov)?:sns:[a-z0-9*-]+:\d{12}:[\w*.-]+$/,
    "an SNS topic such as arn:aws:sns:eu-west-1:123456789012:guardduty-*",
  ),
);

/** Who may write alerts with a token of their own identity provider instead of one of ours. */
export const Workload = v.pipe(
  v.strictObject({
    /** Exactly the token's `iss`, such as https://accounts.google.com. */
    issuer: text(512),
    jwksUrl: keysAddress,
    /** Exactly one of the token's `aud`; this server's address for Pub/Sub. */
    audience: text(512),
    /** Patterns of `email`, which has to be verified. */
    emails: v.optional(narrowList, []),
    /** Patterns of `sub`. */
    subjects: v.optional(narrowList, []),
    severityCeiling: v.optional(v.nullable(Severity), null),
  }),
  v.check(
    ({ emails, subjects }) => emails.length + subjects.length > 0,
    "emails or subjects have to be named",
  ),
);
export type Workload = v.InferOutput<typeof Workload>;

/** What is let in, and how sources without an adapter are read. */
export const IntakePolicy = v.strictObject({
  sns: v.optional(
    v.strictObject({ topics: v.optional(v.pipe(v.array(topicArn), v.maxLength(1_000)), []) }),
    {},
  ),
  workloads: v.optional(v.pipe(v.array(Workload), v.maxLength(100)), []),
  mappings: v.optional(
    v.pipe(
      v.array(Mapping),
      v.maxLength(200),
      v.check(
        (mappings) => new Set(mappings.map(({ name }) => name)).size === mappings.length,
        "every mapping has a name of its own",
      ),
    ),
    [],
  ),
});
export type IntakePolicy = v.InferOutput<typeof IntakePolicy>;
