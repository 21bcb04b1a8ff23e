import { signal } from "@preact/signals";
import type { Item } from "../../../shared/group.ts";
import { act, undoLast } from "./acting.ts";
import { openId } from "./address.ts";
import { cursorId, cursorItem, moveCursor } from "./cursor.ts";
import { detail } from "./detail.ts";
import { areKeysShown, closeForm, closePanel, openPanel, panelForm, peekPanel } from "./panel.ts";
import { showNew } from "./queue.ts";
import { canAct, me } from "./session.ts";

const storeName = "quietwatch-single-keys";

/** Single keys can be switched off, for people whose speech or screen software types letters. */
export const areKeysOn = signal(localStorage.getItem(storeName) !== "off");

export function setKeysOn(isOn: boolean): void {
  areKeysOn.value = isOn;
  localStorage.setItem(storeName, isOn ? "on" : "off");
}

function target(): Item | null {
  const id = openId.value;
  if (id === null) return cursorItem.value;
  return detail.value.phase === "ready" && detail.value.value.id === id ? detail.value.value : null;
}

function step(by: 1 | -1): void {
  if (openId.value !== null) cursorId.value = openId.value;
  const id = moveCursor(by);
  if (id !== null && openId.value !== null) peekPanel(id);
}

function assignToMe(): void {
  const item = target();
  if (item && me.value.phase === "ready") void act(item, "assign", { to: me.value.value.name });
}

function form(name: "note" | "snooze" | "resolve"): void {
  const item = target();
  if (item) openPanel(item.id, name);
}

const always: Readonly<Record<string, () => void>> = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.getElementById("search")?.focus(),
  "?": () => {
    areKeysShown.value = true;
  },
  ".": showNew,
};

const acting: Readonly<Record<string, () => void>> = {
  a: () => {
    const item = target();
    if (item?.status === "open") void act(item, "acknowledge", {});
  },
  n: () => form("note"),
  s: () => form("snooze"),
  r: () => form("resolve"),
  m: assignToMe,
  u: undoLast,
};

function isTyping(event: KeyboardEvent): boolean {
  const at = event.target;
  return (
    at instanceof HTMLElement && at.closest("input, textarea, select, dialog, [contenteditable]") !== null
  );
}

function leave(event: KeyboardEvent): void {
  if (areKeysShown.value || openId.value === null) return;
  event.preventDefault();
  if (panelForm.value === null) closePanel();
  else closeForm();
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") leave(event);
  if (!areKeysOn.value || isTyping(event)) return;
  const run = always[event.key] ?? (canAct.value ? acting[event.key] : undefined);
  if (run === undefined) return;
  event.preventDefault();
  run();
}
