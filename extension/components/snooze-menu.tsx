import { useEffect, useRef } from "preact/hooks";
import type { Decision } from "../lib/decision.ts";
import { tomorrowMorning } from "../lib/tomorrow.ts";

type SnoozeInput = Extract<Decision, { action: "snooze" }>["input"];

const choices: readonly { name: string; input: () => SnoozeInput }[] = [
  { name: "30 minutes", input: () => ({ for: "30m" }) },
  { name: "2 hours", input: () => ({ for: "2h" }) },
  { name: "Until tomorrow 09:00", input: () => ({ until: tomorrowMorning(Date.now()) }) },
  { name: "Until it changes", input: () => ({ untilChange: true }) },
];

export function SnoozeMenu({ onSnooze }: { onSnooze: (input: SnoozeInput) => void }) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);

  function byKey(event: KeyboardEvent) {
    const choice = choices[Number(event.key) - 1];
    if (choice === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSnooze(choice.input());
  }

  return (
    <fieldset class="panel snooze" aria-label="Snooze for" onKeyDown={byKey}>
      {choices.map(({ name, input }, index) => (
        <button
          key={name}
          ref={index === 0 ? first : null}
          type="button"
          class="small"
          onClick={() => onSnooze(input())}
        >
          {name}
          <span class="key">{index + 1}</span>
        </button>
      ))}
    </fieldset>
  );
}
