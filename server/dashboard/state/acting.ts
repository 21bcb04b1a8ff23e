import { signal } from "@preact/signals";
import { type ActionInput, type ActionName, undoWindowMs } from "../../../shared/actions.ts";
import type { Item } from "../../../shared/group.ts";
import { closeItem, openId } from "./address.ts";
import { ApiError, api, OfflineError, sentenceFor } from "./api.ts";
import { refreshDetail } from "./detail.ts";
import { keepPanelFocus } from "./panel.ts";
import { receiveItems } from "./queue.ts";
import { refreshSummary } from "./summary.ts";
import { say } from "./toast.ts";

/** Items with a decision on its way; their buttons wait. */
export const busyIds = signal<ReadonlySet<string>>(new Set());

const lastDone = signal<{ actionId: string; at: number } | null>(null);

const told: Readonly<Record<ActionName, { done: string; failed: string }>> = {
  acknowledge: { done: "Acknowledged.", failed: "Not acknowledged." },
  annotate: { done: "Note saved.", failed: "Note not saved." },
  snooze: { done: "Snoozed.", failed: "Not snoozed." },
  resolve: { done: "Resolved.", failed: "Not resolved." },
  assign: { done: "Owner changed.", failed: "Owner not changed." },
  escalate: { done: "Escalated.", failed: "Not escalated." },
  reopen: { done: "Reopened.", failed: "Not reopened." },
};

function setBusy(id: string, isBusy: boolean): void {
  const next = new Set(busyIds.value);
  if (isBusy) next.add(id);
  else next.delete(id);
  busyIds.value = next;
}

function shownNow(items: readonly Item[]): void {
  receiveItems(items);
  refreshSummary();
  keepPanelFocus();
  for (const item of items) if (item.id === openId.value) refreshDetail();
}

/** One decision on one item. True when the server has it; otherwise the reader was told why not. */
export async function act<N extends ActionName>(
  item: Item,
  action: N,
  input: ActionInput<N>,
  key: string = crypto.randomUUID(),
): Promise<boolean> {
  setBusy(item.id, true);
  try {
    const answer = await api.act(item.id, action, input, key);
    lastDone.value = { actionId: answer.actionId, at: Date.now() };
    say(told[action].done, "done", { label: "Undo", key: "u", run: () => void undo(answer.actionId) });
    shownNow([answer.item]);
    if ((action === "resolve" || action === "snooze") && item.id === openId.value) closeItem();
    return true;
  } catch (error) {
    const again = error instanceof OfflineError || (error instanceof ApiError && error.status >= 500);
    const offer = { label: "Try again", key: null, run: () => void act(item, action, input, key) };
    say(`${told[action].failed} ${sentenceFor(error)}`, "failed", again ? offer : null);
    if (error instanceof ApiError && error.status === 409) refreshDetail();
    return false;
  } finally {
    setBusy(item.id, false);
  }
}

export async function undo(actionId: string): Promise<void> {
  try {
    const answer = await api.undo(actionId, crypto.randomUUID());
    if (lastDone.value?.actionId === actionId) lastDone.value = null;
    say("Taken back.");
    shownNow(answer.items);
  } catch (error) {
    say(`Not taken back. ${sentenceFor(error)}`, "failed");
  }
}

export function undoLast(): void {
  const done = lastDone.value;
  if (done === null || Date.now() - done.at > undoWindowMs) say("Nothing to take back.");
  else void undo(done.actionId);
}
