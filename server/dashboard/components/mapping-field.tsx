import { useState } from "preact/hooks";
import { wrongParts } from "../state/sources.ts";

interface FieldProps {
  /** Where it stands in the mapping. */
  path: string;
  label: string;
  hint?: string;
  value: string;
  /** Several lines instead of one. */
  isLong?: boolean;
  isRequired?: boolean;
  onChange: (value: string) => void;
}

/** What the server says of a part, or of something within it. */
function wrongOf(path: string): string | null {
  for (const [wrong, message] of wrongParts.value) {
    if (wrong === path || wrong.startsWith(`${path}.`)) return message;
  }
  return null;
}

/** One row of the form. It keeps what is typed as it is typed: a line may be unfinished. */
export function MappingField({ path, label, hint, value, isLong, isRequired, onChange }: FieldProps) {
  const [text, setText] = useState(value);
  const wrong = wrongOf(path);
  const id = `mapping-${path.replaceAll(".", "-")}`;
  const noteId = `${id}-note`;
  const shared = {
    id,
    spellcheck: false,
    "aria-invalid": wrong !== null,
    "aria-describedby": wrong !== null || hint ? noteId : undefined,
    "aria-required": isRequired,
    value: text,
    onInput: (event: { currentTarget: { value: string } }) => {
      setText(event.currentTarget.value);
      onChange(event.currentTarget.value);
    },
  };
  return (
    <div class="mapping-row">
      <label for={id}>{label}</label>
      <div>
        {isLong ? <textarea rows={2} {...shared} /> : <input type="text" {...shared} />}
        {(wrong !== null || hint) && (
          <p id={noteId} class={wrong === null ? "field-hint" : "field-hint problem"}>
            {wrong ?? hint}
          </p>
        )}
      </div>
    </div>
  );
}
