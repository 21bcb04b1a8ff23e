import { TimeAgo } from "../../shared/ui/time-ago.tsx";
import type { ItemDetail, TimelineEntry } from "../lib/api.ts";

export function NoteList({ notes, now }: { notes: ItemDetail["notes"]; now: number }) {
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note.id}>
          <p>{note.text}</p>
          <p class="quiet">
            {note.author}, <TimeAgo at={note.at} now={now} />
          </p>
        </li>
      ))}
    </ul>
  );
}

export function Timeline({ entries, now }: { entries: readonly TimelineEntry[]; now: number }) {
  return (
    <ol class="timeline">
      {entries.map((entry) => (
        <li key={entry.id} class={entry.undone ? "undone" : ""}>
          <TimeAgo at={entry.at} now={now} />
          <span>
            <b>{entry.actor}</b> {entry.event}
            {entry.because !== "" && <span class="quiet">, {entry.because}</span>}
            {entry.undone && <span class="quiet"> (taken back)</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
