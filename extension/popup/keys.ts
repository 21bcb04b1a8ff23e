import { openTab } from "../lib/open-tab.ts";
import { back, open, opened } from "../state/detail.ts";
import { isHelpOpen } from "../state/help.ts";
import { closePanel, openPanel, type Panel } from "../state/panel.ts";
import { isSearching, move, settle } from "../state/queue.ts";
import { server } from "../state/stored.ts";
import { act, isSteered, target, togglePanelOf, undoLatest } from "./act.ts";

function steer(step: 1 | -1): void {
  if (opened.value.length > 0) return;
  closePanel();
  isSteered.value = true;
  move(step);
}

function toggle(panel: Panel): void {
  if (target.value !== null) togglePanelOf(target.value, panel);
}

function acknowledge(): void {
  const item = target.value;
  if (item !== null && item.status === "open") act(item, { action: "acknowledge", input: {} });
}

function openTarget(): void {
  if (opened.value.length === 0 && target.value !== null) open(target.value);
}

/** True when there was something to leave; else the browser closes the popup. */
function leave(): boolean {
  if (openPanel.value !== null) closePanel();
  else if (opened.value.length > 0) back();
  else return false;
  return true;
}

const deeds: Readonly<Record<string, () => void>> = {
  j: () => steer(1),
  ArrowDown: () => steer(1),
  k: () => steer(-1),
  ArrowUp: () => steer(-1),
  a: acknowledge,
  n: () => toggle("note"),
  s: () => toggle("snooze"),
  r: () => toggle("resolve"),
  u: undoLatest,
  o: () => void openTab(server.value ?? ""),
  ".": settle,
  "/": () => {
    isSearching.value = opened.value.length === 0;
  },
  "?": () => {
    isHelpOpen.value = true;
  },
};

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, summary") !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isHelpOpen.value || isTyping(event.target)) return;
  // Arrows scroll a detail view, and Enter belongs to the control that has the focus.
  if (event.key.startsWith("Arrow") && opened.value.length > 0) return;
  if (event.key === "Escape" || event.key === "Backspace") {
    if (leave()) event.preventDefault();
    return;
  }
  const deed = event.key === "Enter" && !isControl(event.target) ? openTarget : deeds[event.key];
  if (deed === undefined) return;
  event.preventDefault();
  deed();
}

export function followKeys(where: Document): void {
  where.addEventListener("keydown", onKey);
}
