import type { Item } from "../lib/api.ts";
import type { Decision } from "../lib/decision.ts";
import type { Panel } from "../state/panel.ts";
import { NoteField } from "./note-field.tsx";
import { ResolveMenu } from "./resolve-menu.tsx";
import { SnoozeMenu } from "./snooze-menu.tsx";

interface ItemActionsProps {
  item: Item;
  panel: Panel | null;
  /** Who could take the item; null offers it to nobody. */
  taker?: string | null;
  onDecide: (decision: Decision) => void;
  onPanel: (panel: Panel) => void;
  onClose: () => void;
}

const panelButtons: readonly { panel: Panel; name: string; key: string }[] = [
  { panel: "note", name: "Note", key: "n" },
  { panel: "snooze", name: "Snooze", key: "s" },
  { panel: "resolve", name: "Resolve", key: "r" },
];

function OpenPanel({ panel, onDecide, onClose }: Pick<ItemActionsProps, "panel" | "onDecide" | "onClose">) {
  if (panel === "note") {
    return (
      <NoteField onNote={(text) => onDecide({ action: "annotate", input: { text } })} onClose={onClose} />
    );
  }
  if (panel === "snooze") return <SnoozeMenu onSnooze={(input) => onDecide({ action: "snooze", input })} />;
  if (panel === "resolve") return <ResolveMenu onPick={(input) => onDecide({ action: "resolve", input })} />;
  return null;
}

/** What can be done about one item, with the keys that do it; only Acknowledge is filled. */
export function ItemActions({ item, panel, taker = null, onDecide, onPanel, onClose }: ItemActionsProps) {
  const isOpen = item.status === "open";
  return (
    <div class="item-actions">
      <div class="actions" role="toolbar" aria-label="Actions">
        <button
          type="button"
          class={isOpen ? "main" : ""}
          onClick={() => onDecide({ action: isOpen ? "acknowledge" : "reopen", input: {} })}
        >
          {isOpen ? "Acknowledge" : "Reopen"}
          {isOpen && <span class="key">a</span>}
        </button>
        {panelButtons.map((button) => (
          <button
            key={button.panel}
            type="button"
            aria-expanded={panel === button.panel}
            onClick={() => onPanel(button.panel)}
          >
            {button.name}
            <span class="key">{button.key}</span>
          </button>
        ))}
        {taker !== null && item.assignee !== taker && (
          <button type="button" onClick={() => onDecide({ action: "assign", input: { to: taker } })}>
            Take
          </button>
        )}
      </div>
      <OpenPanel panel={panel} onDecide={onDecide} onClose={onClose} />
    </div>
  );
}
