import type { Alert, Severity } from "../../shared/alert.ts";
import type { Policy } from "../../shared/policy.ts";
import { type Content, createContentReader } from "./content.ts";

/** An alert as the log gives it. */
export interface Arrival {
  alert: Alert;
  /** Epoch ms. */
  receivedAt: number;
  /** Worst severity its sender may claim; null is any. */
  ceiling: Severity | null;
}

/** What an alert says, and when. Times are epoch milliseconds. */
export interface Prepared extends Content {
  receivedAt: number;
  occurredAt: number;
}

const mostAhead = 5 * 60_000;
const mostBehind = 7 * 86_400_000;

/** Made once for each version of the policy; remembers what it has read. */
export function createPreparer(policy: Policy): (arrival: Arrival) => Prepared {
  const contentOf = createContentReader(policy);
  return ({ alert, receivedAt, ceiling }) => {
    const said = alert.occurredAt === undefined ? null : Date.parse(alert.occurredAt);
    return prepare(contentOf(alert, ceiling), receivedAt, said);
  };
}

/** `said` is the sender's time, null or NaN when there is none that can be read. */
export function prepare(content: Content, receivedAt: number, said: number | null): Prepared {
  const occurredAt = occurrence(said, receivedAt);
  if (occurredAt !== null) return { ...content, receivedAt, occurredAt };
  const ahead = `The detector's clock is ahead: it says ${new Date(said ?? 0).toISOString()}`;
  return { ...content, remarks: [ahead, ...content.remarks], receivedAt, occurredAt: receivedAt };
}

/** Correlation goes by the sender's time, within the week before it arrived; null when it lies too far ahead. */
export function occurrence(said: number | null, receivedAt: number): number | null {
  if (said === null || Number.isNaN(said)) return receivedAt;
  return said > receivedAt + mostAhead ? null : Math.max(said, receivedAt - mostBehind);
}
