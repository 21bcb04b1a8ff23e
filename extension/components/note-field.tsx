import { useEffect, useRef } from "preact/hooks";

interface NoteFieldProps {
  onNote: (text: string) => void;
  onClose: () => void;
}

const longest = 16_384;

/** One line; Enter sends it, Escape leaves it. */
export function NoteField({ onNote, onClose }: NoteFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  function send() {
    const text = field.current?.value.trim() ?? "";
    if (text !== "") onNote(text);
  }

  function byKey(event: KeyboardEvent) {
    // An Enter that only ends the choice of a character must not send half a word.
    if (event.key === "Enter" && !event.isComposing) send();
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  }

  return (
    <div class="panel note">
      <input
        ref={field}
        aria-label="Note"
        placeholder="One line for whoever comes next"
        maxLength={longest}
        onKeyDown={byKey}
      />
      <button type="button" class="small" onClick={send}>
        Add note<span class="key">↵</span>
      </button>
    </div>
  );
}
