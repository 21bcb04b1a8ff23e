import { pastTense } from "../lib/decision.ts";
import type { OutboxEntry } from "../lib/outbox.ts";

interface UndoBarProps {
  entry: OutboxEntry;
  isOffline: boolean;
  onUndo: (entry: OutboxEntry) => void;
}

/** The way back, for a few seconds. */
export function UndoBar({ entry, isOffline, onUndo }: UndoBarProps) {
  const later = isOffline && entry.state === "waiting" ? ", will be sent later" : "";
  return (
    <div class="undo" data-undo={entry.key}>
      <p>
        <b>
          {pastTense(entry.decision)}
          {later}
        </b>{" "}
        {entry.before.title}
      </p>
      <button type="button" class="small" onClick={() => onUndo(entry)}>
        Undo<span class="key">u</span>
      </button>
    </div>
  );
}
