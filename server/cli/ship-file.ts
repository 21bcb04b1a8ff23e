import { createHash } from "node:crypto";
import type { CutOptions, ShipBatch, TextRecords } from "./ship-batch.ts";
import { type BookmarkParts, createBookmark } from "./ship-bookmark.ts";
import { nextGeneration, type Place } from "./ship-place.ts";
import { isIntact, nextPlan, type Plan, repeatedPlan } from "./ship-plan.ts";
import type { ShipOutcome, ShipPost } from "./ship-post.ts";

import type { Position } from "./ship-state.ts";

/** `waits`: something is there that is not yet surely whole. */
export type Step = "moved" | "waits" | "idle";

/** Sends what is added to one file, through all its rotations. */
export interface ShipFile {
  /** Sends one batch at the most. */
  step(): Promise<Step>;
  close(): Promise<void>;
}

export interface ShipFileParts extends BookmarkParts {
  post: ShipPost;
  text: TextRecords;
  only: string | null;
  told(path: string, batch: ShipBatch, outcome: Exclude<ShipOutcome, "split">): void;
}

const mostRecords = 1_000;
/** Longer than a program takes from one line of a record to its next. */
const quietMs = 1_000;
/** Longer than a program takes to open its file anew after a rotation. */
const graceMs = 3_000;
const nothing = { accepted: 0, rejected: [], refused: 0 };

export function createShipFile(file: string, parts: ShipFileParts): ShipFile {
  const { text, only } = parts;
  const bookmark = createBookmark(file, parts);
  const send = createSend(parts, bookmark.keep);
  let grown = { size: -1, sinceMs: 0 };

  const options = (isFinal: boolean): CutOptions => {
    const isQuiet = performance.now() - grown.sinceMs >= quietMs;
    return { text, only, isFinal, isQuiet, mostRecords: send.most() };
  };
  const sendOrLetGo = async (place: Place, plan: Plan): Promise<Step> => {
    if (!(await send.plan(place, plan))) await bookmark.letGo();
    return "moved";
  };

  /** Goes on with the file that followed, once this one is surely finished. */
  async function leaveRotated(place: Place): Promise<Step | null> {
    const next = await nextGeneration(file, place.source);
    if (next === null) return null;
    if (next.path === file && next.size === 0) return "idle";
    if (Date.now() - (await place.source.modifiedMs()) < graceMs) return "waits";
    const rest = await nextPlan(place, options(true));
    if (rest !== null) return sendOrLetGo(place, rest);
    return (await bookmark.goOnWith(next.path, next.id)) ? "moved" : "waits";
  }

  /** Nothing whole is left: the file waits for more, was rotated away, or was cut off. */
  async function lookAround(place: Place, size: number): Promise<Step> {
    if (!(await isIntact(place))) {
      await bookmark.letGo();
      return "moved";
    }
    const left = await leaveRotated(place);
    if (left !== null) return left;
    const isAllSent = size === place.position.offset;
    if (isAllSent) bookmark.seenEmpty();
    return text === null || isAllSent ? "idle" : "waits";
  }

  async function stepAt(place: Place): Promise<Step> {
    const { pending, offset } = place.position;
    if (pending !== null) return sendOrLetGo(place, await repeatedPlan(place, pending.to, options(true)));
    const size = await place.source.size();
    if (size !== grown.size) grown = { size, sinceMs: performance.now() };
    const plan = size > offset ? await nextPlan(place, options(false)) : null;
    return plan === null ? lookAround(place, size) : sendOrLetGo(place, plan);
  }

  return {
    step: async () => {
      const place = await bookmark.find();
      return place === null ? "idle" : stepAt(place);
    },
    close: bookmark.close,
  };
}

type Keep = (place: Place, change: Partial<Position>) => Place;

/** Sends plans and moves the position; batches shrink while the server finds them too large. */
function createSend({ state, post, told }: ShipFileParts, keep: Keep) {
  let most = mostRecords;
  return {
    most: () => most,
    /** False when the file was cut off or replaced since the plan was made. */
    plan: async (place: Place, { batch, start }: Plan): Promise<boolean> => {
      const mark = await place.source.markBefore(batch.to);
      if (mark === null || !(await isIntact(place, start))) return false;
      let outcome: ShipOutcome = nothing;
      if (batch.offsets.length > 0) {
        // On disk before it goes out: a repeat after a crash has to be the same request.
        keep(place, { pending: { to: batch.to, mark } });
        await state.save();
        outcome = await post(batch, keyOf(place.position, batch));
      }
      if (outcome === "split") {
        keep(place, { pending: null });
        most = Math.max(1, Math.floor(batch.offsets.length / 2));
        return true;
      }
      told(place.source.path, batch, outcome);
      most = Math.min(mostRecords, most * 2);
      keep(place, { offset: batch.to, mark, pending: null });
      return true;
    },
  };
}

/** The same stretch of the same file has the same key, on every attempt and after every crash. */
function keyOf({ generation }: Position, { from, to, body }: ShipBatch): string {
  const content = createHash("sha256").update(body).digest("base64url").slice(0, 16);
  return `ship.${generation}.${from}-${to}.${content}`;
}
