import type { ItemDetail } from "../../../shared/group.ts";
import { act, busyIds } from "../state/acting.ts";
import { type PanelForm, panelForm } from "../state/panel.ts";
import { canAct, me } from "../state/session.ts";
import { Key } from "./key.tsx";
import { NoteForm } from "./note-form.tsx";
import { ResolveForm } from "./resolve-form.tsx";
import { SnoozeForm } from "./snooze-form.tsx";

function FormButton({ form, letter, label }: { form: PanelForm; letter: string; label: string }) {
  const isOpen = panelForm.value === form;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={() => {
        panelForm.value = isOpen ? null : form;
      }}
    >
      {label}
      <Key name={letter} />
    </button>
  );
}

function OwnerButton({ item, isBusy }: { item: ItemDetail; isBusy: boolean }) {
  if (me.value.phase !== "ready") return null;
  const { name } = me.value.value;
  const isMine = item.assignee === name;
  return (
    <button
      type="button"
      disabled={isBusy}
      onClick={() => void act(item, "assign", { to: isMine ? null : name })}
    >
      {isMine ? "Hand back" : "Assign to me"}
      {!isMine && <Key name="m" />}
    </button>
  );
}

export function ItemActions({ item }: { item: ItemDetail }) {
  if (!canAct.value) return <p class="muted">You can read this, and not decide about it.</p>;
  const isBusy = busyIds.value.has(item.id);
  const isClosed = item.status === "resolved" || item.status === "snoozed";
  return (
    <div class="item-actions">
      <fieldset class="buttons" aria-label="Decide">
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
        {isClosed && (
          <button type="button" class="main" disabled={isBusy} onClick={() => void act(item, "reopen", {})}>
            Reopen
          </button>
        )}
        <FormButton form="note" letter="n" label="Note" />
        {!isClosed && <FormButton form="snooze" letter="s" label="Snooze" />}
        {item.status !== "resolved" && <FormButton form="resolve" letter="r" label="Resolve" />}
        <OwnerButton item={item} isBusy={isBusy} />
      </fieldset>
      {panelForm.value === "note" && <NoteForm item={item} />}
      {panelForm.value === "snooze" && !isClosed && <SnoozeForm item={item} />}
      {panelForm.value === "resolve" && item.status !== "resolved" && <ResolveForm item={item} />}
    </div>
  );
}
