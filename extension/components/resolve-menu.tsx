import { useEffect, useRef } from "preact/hooks";
import { type VerdictChoice, VerdictPicker } from "../../shared/ui/verdict-picker.tsx";

export function ResolveMenu({ onPick }: { onPick: (choice: VerdictChoice) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  return (
    <div class="panel" ref={box}>
      <VerdictPicker onPick={onPick} />
    </div>
  );
}
