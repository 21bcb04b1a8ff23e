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

/** An alert that was rejected, or a body of which nothing could be read. */
export interface Reject {
  id: string;
  at: string;
  actor: { id: string; name: string };
  /** As the request named it: a format, a mapping, `auto`, or `unknown` for a name that is none. */
  format: string;
  code: string;
  message: string;
  /** Place of the alert in its request, from 0; null for a whole body. */
  place: number | null;
  /** Its beginning, as text, without the credentials that were seen in it. */
  payload: string;
  /** Bytes of all of it; null where that is not known. */
  size: number | null;
  /** There is more of it than `payload` shows. */
  cut: boolean;
  requestId: string;
}

/** What one sender sent in one format; counts are of the last 24 hours, by the hour. */
export interface Source {
  actor: { id: string; name: string };
  format: string;
  lastReceivedAt: string;
  requests: number;
  received: number;
  accepted: number;
  rejected: number;
  /** Bodies of which nothing could be read. */
  refused: number;
  bytes: number;
  lastReject: { at: string; code: string; message: string } | null;
}
