import type { Item } from "../../shared/group.ts";
import { type Decision, needsVersion, predict } from "./decision.ts";

/** Who an action belongs to: it is never sent to another server or in another person's name. */
export interface Owner {
  server: string;
  /** Null while the server has not yet said who is signed in. */
  person: string | null;
}

/** A decision on its way to the server. */
export interface OutboxEntry {
  /** Order of making, given by the store. */
  seq: number;
  /** Idempotency key, made with the decision. */
  key: string;
  decision: Decision;
  /** The item as the person saw it. */
  before: Item;
  owner: Owner;
  madeAt: number;
  state: "waiting" | "sent" | "failed" | "stale";
  /** Attempts that may have reached the server. */
  attempts: number;
  firstTriedAt: number | null;
  nextAt: number;
  /** The version sent with the first attempt; a resend must be the same request. */
  version: number | null;
  actionId: string | null;
  /** The item's version after the action. */
  resultVersion: number | null;
  /** The person took it back; the undo waits here too. */
  undone: boolean;
  /** Why a failed or stale one was not done, for a person. */
  problem: string | null;
}

export type NewEntry = Pick<OutboxEntry, "key" | "decision" | "before" | "madeAt">;

/** How long the person is offered to take an action back. */
export const undoMs = 8_000;
/** Below the 24 h for which the server remembers a key: after that a resend could do the thing twice. */
export const certainMs = 23 * 3_600_000;
/** Sent entries stay for a minute, for undo and to keep later entries of the item in step. */
export const keepSentMs = 60_000;

export function freshEntry(made: NewEntry, owner: Owner): Omit<OutboxEntry, "seq"> {
  return {
    ...made,
    owner,
    state: "waiting",
    attempts: 0,
    firstTriedAt: null,
    nextAt: 0,
    version: null,
    actionId: null,
    resultVersion: null,
    undone: false,
    problem: null,
  };
}

export function isWaiting(entry: OutboxEntry): boolean {
  return entry.state === "waiting" || (entry.state === "sent" && entry.undone);
}

export function isProblem(entry: OutboxEntry): boolean {
  return entry.state === "failed" || entry.state === "stale";
}

export function canUndo(entry: OutboxEntry, now: number): boolean {
  return (
    (entry.state === "waiting" || entry.state === "sent") && !entry.undone && now - entry.madeAt < undoMs
  );
}

export function belongsTo(entry: OutboxEntry, owner: Owner): boolean {
  const { server, person } = entry.owner;
  return server === owner.server && (person === null || owner.person === null || person === owner.person);
}

/** The entry to send next: the oldest that waits of some item, and ready; an item's entries never overtake. */
export function nextToSend(
  entries: readonly OutboxEntry[],
  owner: Owner,
  isReady: (entry: OutboxEntry) => boolean,
): OutboxEntry | null {
  const busy = new Set<string>();
  for (const entry of entries) {
    if (!isWaiting(entry) || !belongsTo(entry, owner)) continue;
    if (isReady(entry) && !busy.has(entry.before.id)) return entry;
    busy.add(entry.before.id);
  }
  return null;
}

/**
 * The version to send: the one the person saw, moved on by this person's own earlier actions on the item.
 * Those must have moved it alone: checked by the server, or one step from the version they started at.
 */
export function versionToSend(entry: OutboxEntry, entries: readonly OutboxEntry[]): number | null {
  if (!needsVersion(entry.decision)) return null;
  if (entry.attempts > 0) return entry.version;
  let version = entry.before.version;
  for (const earlier of entries) {
    if (earlier.seq >= entry.seq || earlier.before.id !== entry.before.id) continue;
    if (earlier.resultVersion === null || earlier.undone) continue;
    const from = earlier.version ?? earlier.before.version;
    const isOwnStep = earlier.version !== null || earlier.resultVersion === from + 1;
    if (from === version && isOwnStep) version = earlier.resultVersion;
  }
  return version;
}

/** Sent entries nobody needs any more. */
export function isSpent(entry: OutboxEntry, entries: readonly OutboxEntry[], now: number): boolean {
  if (entry.state !== "sent" || entry.undone || now - entry.madeAt < keepSentMs) return false;
  return !entries.some((other) => isWaiting(other) && other.before.id === entry.before.id);
}

/** The items as they will stand once everything in the outbox is done. */
export function overlay(
  items: readonly Item[],
  entries: readonly OutboxEntry[],
  person: string | null,
): Item[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  for (const entry of entries) {
    if (!isWaiting(entry)) continue;
    if (entry.undone) {
      byId.set(entry.before.id, entry.before);
      continue;
    }
    const item = byId.get(entry.before.id);
    if (item === undefined) continue;
    byId.set(item.id, predict(item, entry.decision, person, new Date(entry.madeAt).toISOString()));
  }
  return [...byId.values()];
}
