import * as v from "valibot";
import { Limit } from "./queue.ts";

const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** Which rejects are asked for. */
export const RejectsQuery = v.object({
  /** Id of a sender. */
  actor: v.optional(Name),
  format: v.optional(Name),
  code: v.optional(Name),
  limit: Limit,
  cursor: v.optional(v.pipe(v.string(), v.uuid())),
});
export type RejectsQuery = v.InferOutput<typeof RejectsQuery>;

const Sender = v.object({ id: v.string(), name: v.string() });
const Reason = { at: v.string(), code: v.string(), message: v.string() };

/** An alert that was rejected, or a body of which nothing could be read. */
export const Reject = v.object({
  id: v.string(),
  actor: Sender,
  /** As the request named it: a format, a mapping, `auto`, or `unknown` for a name that is none. */
  format: v.string(),
  ...Reason,
  /** Place of the alert in its request, from 0; null for a whole body. */
  place: v.nullable(v.number()),
  /** Its beginning, as text, without the credentials that were seen in it. */
  payload: v.string(),
  /** Bytes of all of it; null where that is not known. */
  size: v.nullable(v.number()),
  /** There is more of it than `payload` shows. */
  cut: v.boolean(),
  requestId: v.string(),
});
export type Reject = v.InferOutput<typeof Reject>;

/** What one sender sent in one format; counts are of the last 24 hours, by the hour. */
export const Source = v.object({
  /** Actor and format, as the cursor names them. */
  id: v.string(),
  actor: Sender,
  format: v.string(),
  lastReceivedAt: v.string(),
  requests: v.number(),
  received: v.number(),
  accepted: v.number(),
  rejected: v.number(),
  /** Bodies of which nothing could be read. */
  refused: v.number(),
  bytes: v.number(),
  lastReject: v.nullable(v.object(Reason)),
});
export type Source = v.InferOutput<typeof Source>;
