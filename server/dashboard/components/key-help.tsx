import { useEffect, useRef } from "preact/hooks";
import { areKeysOn, setKeysOn } from "../state/keys.ts";
import { areKeysShown } from "../state/panel.ts";

const keys = [
  ["j k", "next, previous item"],
  ["Enter", "open the item"],
  ["Esc", "close it"],
  ["a", "acknowledge"],
  ["n", "write a note"],
  ["s", "snooze"],
  ["r", "resolve, then 1 to 4 for the verdict"],
  ["m", "make me the owner"],
  ["u", "undo"],
  [".", "show new items"],
  ["/", "search"],
  ["?", "this list"],
] as const;

export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isShown = areKeysShown.value;
  useEffect(() => {
    if (isShown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isShown]);
  function close() {
    areKeysShown.value = false;
  }
  return (
    <dialog ref={dialog} class="key-help" aria-labelledby="keys-name" onClose={close}>
      <h2 id="keys-name">Keys</h2>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              {key.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input
          type="checkbox"
          checked={areKeysOn.value}
          onChange={(event) => setKeysOn(event.currentTarget.checked)}
        />
        Single keys are on
      </label>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
