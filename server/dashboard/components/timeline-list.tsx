import { undoWindowMs } from "../../../shared/actions.ts";
import type { TimelineEntry } from "../../../shared/group.ts";
import { TimeAgo } from "../../../shared/ui/time-ago.tsx";
import { undo } from "../state/acting.ts";
import { moreTimeline, retryDetail, timeline } from "../state/detail.ts";
import { canAct } from "../state/session.ts";
import { Notice, Skeleton } from "./notice.tsx";
import { visibleText } from "./visible-text.ts";

const past: Readonly<Record<string, string>> = {
  acknowledge: "acknowledged",
  annotate: "wrote a note",
  snooze: "snoozed",
  resolve: "resolved",
  assign: "changed the owner",
  escalate: "escalated",
  reopen: "reopened",
  undo: "took back",
};

function Entry({ entry, now }: { entry: TimelineEntry; now: number }) {
  const { actionId } = entry;
  const canUndo = actionId !== null && !entry.undone && now - Date.parse(entry.at) < undoWindowMs;
  return (
    <li class={entry.undone ? "timeline-undone" : undefined}>
      <TimeAgo at={entry.at} now={now} />
      <div>
        <p>
          <b>{visibleText(entry.actor)}</b> {past[entry.event] ?? visibleText(entry.event)}
          {entry.undone && " (taken back)"}
        </p>
        {entry.because !== "" && <p class="muted hostile">{visibleText(entry.because)}</p>}
      </div>
      {canUndo && canAct.value && (
        <button type="button" onClick={() => void undo(actionId)}>
          Undo
        </button>
      )}
    </li>
  );
}

export function TimelineList({ now }: { now: number }) {
  const shown = timeline.value;
  if (shown.phase === "loading") return <Skeleton lines={2} label="Reading the timeline" />;
  if (shown.phase === "failed") return <Notice onRetry={retryDetail}>{shown.because}</Notice>;
  if (shown.value.items.length === 0) return <p class="muted">Nothing has happened yet.</p>;
  return (
    <>
      <ol class="timeline">
        {shown.value.items.map((entry) => (
          <Entry key={entry.id} entry={entry} now={now} />
        ))}
      </ol>
      {shown.value.next !== null && (
        <button type="button" class="link" onClick={() => void moreTimeline()}>
          Show older
        </button>
      )}
    </>
  );
}
