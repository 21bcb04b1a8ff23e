import { useEffect, useRef, useState } from "preact/hooks";
import type { Item } from "../../../shared/group.ts";
import { act, busyIds } from "../state/acting.ts";
import { closeForm } from "../state/panel.ts";

/** The text stays until the server has it. */
export function NoteForm({ item }: { item: Item }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  useEffect(() => field.current?.focus(), []);

  async function save() {
    const note = text.trim();
    if (note !== "" && (await act(item, "annotate", { text: note }))) closeForm();
  }

  return (
    <form
      class="panel-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label for="note">Note</label>
      <textarea
        id="note"
        ref={field}
        rows={3}
        maxLength={16_384}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void save();
        }}
      />
      <div class="buttons">
        <button type="submit" disabled={text.trim() === "" || busyIds.value.has(item.id)}>
          Save note
        </button>
        <span class="muted">Ctrl + Enter saves</span>
      </div>
    </form>
  );
}
