import type { Note } from "../../../shared/group.ts";
import { TimeAgo } from "../../../shared/ui/time-ago.tsx";
import { visibleText } from "./visible-text.ts";

export function NoteList({ notes, now }: { notes: readonly Note[]; now: number }) {
  return (
    <ul class="notes">
      {notes.map((note) => (
        <li key={note.id}>
          <p class="muted">
            <b>{visibleText(note.author)}</b> · <TimeAgo at={note.at} now={now} />
          </p>
          <p class="hostile prose">{visibleText(note.text)}</p>
        </li>
      ))}
    </ul>
  );
}
