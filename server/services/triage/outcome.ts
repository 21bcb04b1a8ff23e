import type { GroupState } from "../../triage/group-state.ts";
import type { Turn } from "../../triage/life.ts";
import type { CachedGroup } from "./group-cache.ts";

/** A group that this stretch touched, and what came of it. */
export interface Touched extends Pick<CachedGroup, "group" | "repeatable" | "changedSeq"> {
  isNew: boolean;
  /** Where it stands in the stretch's index. */
  position: number;
  previousIndex: string | null;
  /** As it was before the first alert that did more than repeat; null while there was none, or no before. */
  before: GroupState | null;
  /** What the stretch holds of it, by epoch hour of receipt. */
  hours: Map<number, HourSum>;
}

/** Times are epoch milliseconds. */
export interface HourSum {
  first: number;
  last: number;
  alerts: number;
  interruptions: number;
}

/** A turn in the story of a group. */
export interface StoryTurn extends Turn {
  group: string;
  at: number;
}

/** For each place of a chunk the position of its alert's group, -1 where the alert was rejected. */
export interface PlacedChunk {
  id: string;
  seq: number;
  receivedAt: number;
  positions: Int32Array;
}

/** What a stretch of the log comes to in memory. */
export interface Decided {
  chunks: PlacedChunk[];
  touched: Touched[];
  turns: StoryTurn[];
}

/** The same with what it was decided from, before any of it is written. */
export interface Outcome extends Decided {
  loaded: CachedGroup[];
  /** The change of the silences that it was decided with. */
  silences: number;
}
