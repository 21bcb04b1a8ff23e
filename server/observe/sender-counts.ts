/** Whom a count belongs to. */
export interface SenderActor {
  id: string;
  name: string;
  environments: readonly string[] | null;
  services: readonly string[] | null;
}

/** What one sender sent in one format since the start of this process. Times are epoch milliseconds. */
export interface SenderCount {
  readonly actor: SenderActor;
  /** As the request named it: a format, a mapping, or `auto`. */
  readonly format: string;
  requests: number;
  /** Alerts of bodies that could be read. */
  received: number;
  accepted: number;
  rejected: number;
  /** Bodies of which nothing could be read. */
  refused: number;
  /** Requests that were told to come again. */
  overloaded: number;
  bytes: number;
  lastAt: number;
  lastReject: { at: number; code: string; message: string } | null;
}

export interface SenderCounts {
  of(actor: SenderActor, format: string): SenderCount;
  all(): Iterable<SenderCount>;
}

/** More senders than that are counted as one. */
export const mostSenders = 200;
/** Policies may name many mappings. */
const mostFormats = 100;
export const otherSenders: SenderActor = { id: "other", name: "other", environments: null, services: null };
const otherFormats = "other";

/** Bounded, so that no sender can make it grow by the names that it uses. */
export function createSenderCounts(): SenderCounts {
  const byActor = new Map<string, Map<string, SenderCount>>();

  function formatsOf({ id }: SenderActor): [actorId: string, Map<string, SenderCount>] {
    const known = byActor.get(id);
    if (known !== undefined) return [id, known];
    const fits = byActor.size < mostSenders;
    const name = fits ? id : otherSenders.id;
    const formats = byActor.get(name) ?? new Map<string, SenderCount>();
    byActor.set(name, formats);
    return [name, formats];
  }

  return {
    of: (actor, format) => {
      const [id, formats] = formatsOf(actor);
      const found = formats.get(format);
      if (found !== undefined) return found;
      const name = formats.size < mostFormats ? format : otherFormats;
      const counted = formats.get(name) ?? emptyCount(id === actor.id ? actor : otherSenders, name);
      formats.set(name, counted);
      return counted;
    },
    all: function* () {
      for (const formats of byActor.values()) yield* formats.values();
    },
  };
}

function emptyCount({ id, name, environments, services }: SenderActor, format: string): SenderCount {
  return {
    actor: { id, name, environments, services },
    format,
    requests: 0,
    received: 0,
    accepted: 0,
    rejected: 0,
    refused: 0,
    overloaded: 0,
    bytes: 0,
    lastAt: 0,
    lastReject: null,
  };
}

/** What can be told of a stretch of time. */
export type SenderSums = Pick<
  SenderCount,
  "requests" | "received" | "accepted" | "rejected" | "refused" | "overloaded" | "bytes"
>;

const nothing = { requests: 0, received: 0, accepted: 0, rejected: 0, refused: 0, overloaded: 0, bytes: 0 };

/** Gives what was counted since it was called last, of those who sent anything. */
export function senderChanges(counts: SenderCounts): () => { count: SenderCount; since: SenderSums }[] {
  const before = new Map<SenderCount, SenderSums>();
  return () => {
    const changed: { count: SenderCount; since: SenderSums }[] = [];
    for (const count of counts.all()) {
      const last = before.get(count) ?? nothing;
      const since = {
        requests: count.requests - last.requests,
        received: count.received - last.received,
        accepted: count.accepted - last.accepted,
        rejected: count.rejected - last.rejected,
        refused: count.refused - last.refused,
        overloaded: count.overloaded - last.overloaded,
        bytes: count.bytes - last.bytes,
      };
      if (since.requests === 0 && since.accepted === 0) continue;
      before.set(count, { ...count });
      changed.push({ count, since });
    }
    return changed;
  };
}
