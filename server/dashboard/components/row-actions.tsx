import type { Item } from "../../../shared/group.ts";
import { act, busyIds } from "../state/acting.ts";
import { openPanel } from "../state/panel.ts";
import { Key } from "./key.tsx";

/** The same four decisions as in the panel, at hand on the current row. */
export function RowActions({ item }: { item: Item }) {
  const isBusy = busyIds.value.has(item.id);
  const isClosed = item.status === "resolved" || item.status === "snoozed";
  return (
    <div class="row-actions">
      {item.status === "open" && (
        <button
          type="button"
          class="main"
          disabled={isBusy}
          onClick={() => void act(item, "acknowledge", {})}
        >
          Acknowledge
          <Key name="a" />
        </button>
      )}
      <button type="button" onClick={() => openPanel(item.id, "note")}>
        Note
        <Key name="n" />
      </button>
      {!isClosed && (
        <button type="button" onClick={() => openPanel(item.id, "snooze")}>
          Snooze
          <Key name="s" />
        </button>
      )}
      {item.status !== "resolved" && (
        <button type="button" onClick={() => openPanel(item.id, "resolve")}>
          Resolve
          <Key name="r" />
        </button>
      )}
      {isClosed && (
        <button type="button" disabled={isBusy} onClick={() => void act(item, "reopen", {})}>
          Reopen
        </button>
      )}
    </div>
  );
}
