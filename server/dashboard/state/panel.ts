import { signal } from "@preact/signals";
import { closeItem, openId, openItem } from "./address.ts";
import { cursorId, focusRow } from "./cursor.ts";

export type PanelForm = "note" | "snooze" | "resolve";

export const panelForm = signal<PanelForm | null>(null);
export const areKeysShown = signal(false);

/** Set when opening should move the focus into the panel; stepping through the list should not. */
export const wantsPanelFocus = signal(false);

export function openPanel(id: string, form: PanelForm | null = null): void {
  cursorId.value = id;
  panelForm.value = form;
  wantsPanelFocus.value = form === null;
  openItem(id);
}

/** Follows the cursor through the list without taking the focus from it. */
export function peekPanel(id: string): void {
  panelForm.value = null;
  wantsPanelFocus.value = false;
  openItem(id);
}

export function closePanel(): void {
  const id = openId.value;
  panelForm.value = null;
  closeItem();
  if (id !== null) setTimeout(() => focusRow(id));
}

/** A button or field that had the focus may be gone after a decision; the panel's heading takes it then. */
export function keepPanelFocus(): void {
  setTimeout(() => {
    if (document.activeElement === document.body) document.getElementById("panel-name")?.focus();
  });
}

export function closeForm(): void {
  panelForm.value = null;
  keepPanelFocus();
}
