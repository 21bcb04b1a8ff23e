import type { Counts } from "../../shared/queue.ts";
import { keptAway } from "../lib/headline.ts";

interface EmptyStateProps {
  /** Null while nothing has been read yet. */
  counts: Counts | null;
  /** True when a filter or a search leaves nothing, although there is something. */
  isFiltered: boolean;
  isKnown: boolean;
  inHand: number;
}

/** Empty is the reward: it says what was kept away. */
export function EmptyState({ counts, isFiltered, isKnown, inHand }: EmptyStateProps) {
  if (isFiltered) return <p class="empty">Nothing here matches.</p>;
  if (counts === null || !isKnown) {
    return <p class="empty">{counts === null && isKnown ? "Reading the queue for the first time." : ""}</p>;
  }
  return (
    <div class="empty">
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
        <path
          d="M10 25l9 9 19-21"
          fill="none"
          stroke="currentColor"
          stroke-width="3"
          stroke-linecap="round"
        />
      </svg>
      <p class="empty-word">Nothing needs you.</p>
      <p>{keptAway(counts)}</p>
      {inHand > 0 && <p>{inHand === 1 ? "1 is in hand." : `${inHand} are in hand.`}</p>}
    </div>
  );
}
