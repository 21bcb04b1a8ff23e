import type { IntakeAnswer } from "../../../shared/alert.ts";
import { bytesAt, type Entry } from "../../intake/entry.ts";
import type { Refusal } from "../../observe/refusal-queue.ts";

type About = Pick<Refusal, "at" | "actor" | "format" | "requestId">;

const headBytes = 1_024;
/** Of the rejects of a request so many are kept. */
const mostParts = 3;
/** What is larger is not read again for the sake of a reject. */
const mostReread = 256 * 1_024;

/** A copy, so that the rest of the body is let go. */
const headOf = (body: Buffer) => Buffer.from(body.subarray(0, headBytes));

/** A body of which nothing could be read. */
export function refusalOfBody(
  about: About,
  why: { code: string; message: string },
  { body, size }: { body: Buffer; size: number },
): Refusal {
  const head = headOf(body);
  const parts = [{ place: null, size, ...why }];
  return { ...about, parts, weight: head.length, payloads: () => [head] };
}

/** Some of the alerts of a body that were rejected. */
export function refusalOfAlerts(about: About, entry: Entry, rejected: IntakeAnswer["rejected"]): Refusal {
  const kept = rejected.slice(0, mostParts);
  const parts = kept.map(({ index, code, message }) => ({ place: index, code, message, size: null }));
  if (entry.body.length > mostReread) {
    const head = headOf(entry.body);
    return { ...about, parts, weight: head.length, payloads: () => parts.map(() => head) };
  }
  const places = kept.map(({ index }) => index);
  return { ...about, parts, weight: entry.body.length, payloads: () => bytesAt(entry, places) };
}
