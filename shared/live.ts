import type { Item } from "./group.ts";
import type { Counts } from "./queue.ts";

/**
 * Server-Sent Events of `GET /api/v1/stream`. The event id is the change sequence and stands on the last
 * event of each sequence only, so that a resumed stream never skips half of one.
 */
export interface LiveEvents {
  item: Item;
  counts: Counts;
  reset: { because: string };
  heartbeat: { at: string };
}

export const heartbeatMs = 15_000;
