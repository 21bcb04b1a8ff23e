import { useEffect, useRef } from "preact/hooks";
import type { Item } from "../../../shared/group.ts";
import { act, busyIds } from "../state/acting.ts";
import { closeForm } from "../state/panel.ts";

const spans = [
  ["30m", "30 min"],
  ["2h", "2 h"],
  ["8h", "8 h"],
  ["1d", "1 day"],
  ["1w", "1 week"],
] as const;

export function SnoozeForm({ item }: { item: Item }) {
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => group.current?.querySelector("button")?.focus(), []);

  async function snooze(span: string) {
    if (await act(item, "snooze", { for: span, version: item.version })) closeForm();
  }

  return (
    <fieldset ref={group} class="panel-form" aria-label="Snooze for">
      <div class="buttons">
        <span>Snooze for</span>
        {spans.map(([span, name]) => (
          <button
            key={span}
            type="button"
            disabled={busyIds.value.has(item.id)}
            onClick={() => void snooze(span)}
          >
            {name}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
