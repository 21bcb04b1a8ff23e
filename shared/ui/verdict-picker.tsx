import { useId, useRef } from "preact/hooks";
import { type Verdict, verdicts } from "../group.ts";
import { verdictLabel, verdictMeaning } from "./verdict-label.ts";

export interface VerdictChoice {
  verdict: Verdict;
  /** One line, at most 256 characters; missing when nothing was written. */
  reason?: string;
}

interface VerdictPickerProps {
  onPick: (choice: VerdictChoice) => void;
  disabled?: boolean;
}

const reasonLimit = 256;

/** Four verdicts as buttons (keys 1 to 4 outside the reason field) and an optional reason. */
export function VerdictPicker({ onPick, disabled = false }: VerdictPickerProps) {
  const id = useId();
  const reason = useRef<HTMLInputElement>(null);

  function pick(verdict: Verdict) {
    const text = reason.current?.value.trim() ?? "";
    onPick(text === "" ? { verdict } : { verdict, reason: text });
  }

  function pickByKey(event: KeyboardEvent) {
    if (event.target === reason.current || event.ctrlKey || event.altKey || event.metaKey) return;
    const verdict = verdicts[Number(event.key) - 1];
    if (verdict === undefined || disabled) return;
    event.preventDefault();
    event.stopPropagation();
    pick(verdict);
  }

  return (
    <fieldset class="verdicts" aria-label="Resolve with a verdict" disabled={disabled} onKeyDown={pickByKey}>
      {verdicts.map((verdict, index) => (
        <button
          key={verdict}
          type="button"
          class="verdict"
          data-verdict={verdict}
          aria-describedby={`${id}-${verdict}`}
          onClick={() => pick(verdict)}
        >
          <span class="verdict-name">{verdictLabel[verdict]}</span>
          <span class="verdict-meaning" id={`${id}-${verdict}`} aria-hidden="true">
            {verdictMeaning[verdict]}
          </span>
          <span class="verdict-key" aria-hidden="true">
            {index + 1}
          </span>
        </button>
      ))}
      <input
        ref={reason}
        class="verdict-reason"
        aria-label="Reason, optional"
        placeholder="Reason, optional"
        maxLength={reasonLimit}
      />
    </fieldset>
  );
}
