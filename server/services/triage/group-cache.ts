import type { GroupState } from "../../triage/group-state.ts";
import type { Repeatable } from "../../triage/repeat.ts";

/** A group as it was last written, with the change sequence that wrote it. */
export interface CachedGroup {
  group: GroupState;
  changedSeq: number;
  /** What may be counted into it without another look; null when nothing may. */
  repeatable: Repeatable | null;
  /** The newest stretch of the log that holds it. */
  lastIndex: string | null;
}

/**
 * Groups that triage wrote lately, by fingerprint. One is as good as its row while the row's change sequence is the
 * same, which is looked at under the lock: whoever changes an item in any way moves it.
 */
export interface GroupCache {
  get(fingerprint: string): CachedGroup | undefined;
  put(cached: CachedGroup): void;
  /** Forgets everything: what a failed transaction changed never came to be. */
  clear(): void;
}

const most = 50_000;

export function createGroupCache(): GroupCache {
  const groups = new Map<string, CachedGroup>();
  return {
    get: (fingerprint) => groups.get(fingerprint),
    put: (cached) => {
      const { fingerprint } = cached.group;
      // Set anew, so that the first in the map is the one that was written longest ago.
      groups.delete(fingerprint);
      groups.set(fingerprint, cached);
      if (groups.size > most) groups.delete(groups.keys().next().value ?? "");
    },
    clear: () => groups.clear(),
  };
}
