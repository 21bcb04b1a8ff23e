import { useEffect, useState } from "preact/hooks";
import { dismiss, toast, toastMs } from "../state/toast.ts";
import { Key } from "./key.tsx";

/** Says what just happened and how to take it back; stays while it is pointed at or focused. */
export function ToastArea() {
  const current = toast.value;
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (current === null || isHeld) return;
    const timer = setTimeout(() => dismiss(current.id), toastMs);
    return () => clearTimeout(timer);
  }, [current, isHeld]);
  useEffect(() => {
    if (current === null) setHeld(false);
  }, [current]);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {current && (
        // biome-ignore lint/a11y/noStaticElementInteractions: hovering only holds the message, its buttons do the rest
        <div
          key={current.id}
          class={`toast toast-${current.tone}`}
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          onFocusIn={() => setHeld(true)}
          onFocusOut={() => setHeld(false)}
        >
          <span class="toast-text">{current.text}</span>
          {current.offer && (
            <button type="button" onClick={current.offer.run}>
              {current.offer.label}
              {current.offer.key && <Key name={current.offer.key} />}
            </button>
          )}
          <button type="button" class="quiet" aria-label="Dismiss" onClick={() => dismiss(current.id)}>
            <span aria-hidden="true">×</span>
          </button>
        </div>
      )}
    </div>
  );
}
