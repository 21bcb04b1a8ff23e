import { useEffect, useRef } from "preact/hooks";

const keys: readonly [string, string][] = [
  ["j  k", "next, previous"],
  ["Enter", "open the item"],
  ["Esc", "back"],
  ["a", "acknowledge"],
  ["n", "note, Enter sends"],
  ["s", "snooze"],
  ["r", "resolve with a verdict"],
  ["u", "undo"],
  ["o", "open the dashboard"],
  ["/", "search"],
  [".", "show what is new"],
  ["Alt Shift Q", "open this from any page"],
];

export function HelpSheet({ onClose }: { onClose: () => void }) {
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => sheet.current?.showModal(), []);
  return (
    <dialog ref={sheet} class="help" aria-label="Keys" onClose={onClose}>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => sheet.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
