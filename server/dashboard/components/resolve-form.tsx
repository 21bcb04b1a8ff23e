import { useEffect, useRef } from "preact/hooks";
import type { Item } from "../../../shared/group.ts";
import { VerdictPicker } from "../../../shared/ui/verdict-picker.tsx";
import { act, busyIds } from "../state/acting.ts";
import { closeForm } from "../state/panel.ts";

/** A verdict on what was seen: a newer state of the item is shown first instead of being decided unseen. */
export function ResolveForm({ item }: { item: Item }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  return (
    <div ref={box} class="panel-form">
      <VerdictPicker
        disabled={busyIds.value.has(item.id)}
        onPick={(choice) => {
          void act(item, "resolve", { ...choice, version: item.version }).then((isDone) => {
            if (isDone) closeForm();
          });
        }}
      />
    </div>
  );
}
