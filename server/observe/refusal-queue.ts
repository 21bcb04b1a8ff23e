import type { SenderActor } from "./sender-counts.ts";

/** An alert that was rejected, or a whole body that was refused. */
export interface RefusedPart {
  /** Place of the alert in its request; null for a body of which nothing could be read. */
  place: number | null;
  code: string;
  message: string;
  /** Bytes of the body, where it is the body that was refused. */
  size: number | null;
}

/** What of one request was refused, with the way to its bytes: they are looked for later, off the hot path. */
export interface Refusal {
  at: number;
  actor: SenderActor;
  format: string;
  requestId: string;
  parts: RefusedPart[];
  /** Bytes that it holds on to. */
  weight: number;
  /** The bytes of each part; null where they are not at hand. */
  payloads(): (Buffer | null)[];
}

/** What waits to be written; bounded, so that a flood of bad alerts costs little. */
export interface RefusalQueue {
  /** `make` is called only when there is room: few times a second for a sender. `parts` is how many there are. */
  offer(actorId: string, parts: number, make: () => Refusal): void;
  /** Takes what waits; senders may offer again. */
  take(): Refusal[];
  /** Parts taken in, and parts left out, since the start. */
  readonly kept: number;
  readonly leftOut: number;
}

const mostOfSender = 3;
const mostWaiting = 60;
/** All of it is read once more when it is written. */
const mostBytes = 2 * 1024 * 1024;

export function createRefusalQueue(): RefusalQueue {
  let waiting: Refusal[] = [];
  let bytes = 0;
  let kept = 0;
  let leftOut = 0;
  const ofSender = new Map<string, number>();
  return {
    get kept() {
      return kept;
    },
    get leftOut() {
      return leftOut;
    },
    offer: (actorId, parts, make) => {
      const before = ofSender.get(actorId) ?? 0;
      if (before >= mostOfSender || waiting.length >= mostWaiting || bytes >= mostBytes) {
        leftOut += parts;
        return;
      }
      ofSender.set(actorId, before + 1);
      const refusal = make();
      waiting.push(refusal);
      bytes += refusal.weight;
      kept += refusal.parts.length;
      leftOut += parts - refusal.parts.length;
    },
    take: () => {
      const taken = waiting;
      waiting = [];
      bytes = 0;
      ofSender.clear();
      return taken;
    },
  };
}
