import { useEffect, useRef } from "preact/hooks";
import { filters } from "../state/address.ts";
import { tabOf } from "../state/filters.ts";
import {
  isLoadingMore,
  isScrolled,
  listing,
  loadMore,
  loadQueue,
  queueFailure,
  queuePhase,
} from "../state/queue.ts";
import { EmptyQueue } from "./empty-queue.tsx";
import { Notice, Skeleton } from "./notice.tsx";
import { QueueRow } from "./queue-row.tsx";
import { WaitingPill } from "./waiting-pill.tsx";

/** Watches a mark above the first row: out of view means that the reader has scrolled. */
function useScrollWatch() {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (mark.current === null || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(([entry]) => {
      isScrolled.value = entry !== undefined && !entry.isIntersecting && entry.boundingClientRect.top < 0;
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, []);
  return mark;
}

function Rows({ now }: { now: number }) {
  const { items, next } = listing.value;
  const phase = queuePhase.value;
  if (items.length === 0 && phase === "loading") return <Skeleton lines={6} label="Reading the queue" />;
  if (items.length === 0 && phase === "ready") return <EmptyQueue />;
  return (
    <>
      <ol class={`rows rows-${tabOf(filters.value)}`} aria-busy={phase === "loading"}>
        {items.map((item) => (
          <QueueRow key={item.id} item={item} now={now} />
        ))}
      </ol>
      {next !== null && (
        <button type="button" class="more" disabled={isLoadingMore.value} onClick={() => void loadMore()}>
          Show more
        </button>
      )}
    </>
  );
}

export function QueueList({ now }: { now: number }) {
  const mark = useScrollWatch();
  return (
    <div class="queue-list">
      <div ref={mark} />
      <WaitingPill />
      {queuePhase.value === "failed" && (
        <Notice onRetry={() => void loadQueue()}>The queue could not be read. {queueFailure.value}</Notice>
      )}
      <Rows now={now} />
    </div>
  );
}
