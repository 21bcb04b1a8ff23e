import { act, readItem, undo } from "../lib/api.ts";
import { backoffMs } from "../lib/backoff.ts";
import { describeChange } from "../lib/describe-change.ts";
import { OfflineError, RefusedError, SignInError, StaleError } from "../lib/failures.ts";
import { certainMs, type OutboxEntry, versionToSend } from "../lib/outbox.ts";
import type { OutboxStore } from "../lib/outbox-store.ts";
import type { Model } from "./model.ts";
import type { Session } from "./session.ts";

export interface SendEntryDeps {
  store: OutboxStore;
  session: Session;
  model: Model;
  now: () => number;
  random: () => number;
  /** Nothing can be sent before a person signs in again. */
  onSignedOut: () => void;
}

async function fail(deps: SendEntryDeps, entry: OutboxEntry, state: "failed" | "stale", problem: string) {
  // What the person had already taken back and the server refused anyway needs no words.
  await deps.store.update(entry.key, (held) =>
    held.undone && held.actionId === null
      ? null
      : { ...held, state: held.actionId === null ? state : "failed", undone: false, problem },
  );
}

async function explainStale(deps: SendEntryDeps, entry: OutboxEntry): Promise<void> {
  const current = await deps.session.authorized((call) => readItem(call, entry.before.id));
  deps.model.takeItems([current]);
  await fail(deps, entry, "stale", describeChange(entry.before, current));
}

/** `entry` as it was before the attempt. True when others may be tried next. */
async function settle(deps: SendEntryDeps, entry: OutboxEntry, error: unknown): Promise<boolean> {
  if (error instanceof SignInError) {
    const { attempts, firstTriedAt } = entry;
    await deps.store.update(entry.key, (held) => ({ ...held, attempts, firstTriedAt }));
    deps.onSignedOut();
    return false;
  }
  if (error instanceof OfflineError) {
    const wait = Math.max(error.retryAfterMs, backoffMs(entry.attempts + 1, deps.random()));
    await deps.store.update(entry.key, (held) => ({ ...held, nextAt: deps.now() + wait }));
    return error.reached;
  }
  if (error instanceof StaleError && entry.actionId === null) {
    await explainStale(deps, entry).catch(() => fail(deps, entry, "stale", error.message));
    return true;
  }
  if (!(error instanceof RefusedError)) throw error;
  await fail(deps, entry, "failed", error.message);
  return true;
}

async function sendAction({ session, model, store }: SendEntryDeps, entry: OutboxEntry): Promise<void> {
  const { before, decision, key, version } = entry;
  const { actionId, item } = await session.authorized((call) => act(call, before.id, decision, key, version));
  model.takeItems([item]);
  const result = { state: "sent" as const, actionId, resultVersion: item.version, nextAt: 0 };
  await store.update(key, (held) => ({ ...held, ...result }));
}

async function sendUndo({ session, model, store }: SendEntryDeps, key: string, actionId: string) {
  const { items } = await session.authorized((call) => undo(call, actionId, `${key}-undo`));
  model.takeItems(items);
  await store.update(key, () => null);
}

/** Makes one attempt for one entry. True when others may be tried next. */
export async function sendEntry(
  deps: SendEntryDeps,
  entry: OutboxEntry,
  entries: readonly OutboxEntry[],
): Promise<boolean> {
  const firstTriedAt = entry.firstTriedAt ?? deps.now();
  if (entry.actionId === null && deps.now() - firstTriedAt > certainMs) {
    await fail(deps, entry, "failed", "no answer came for a day; look at the item before you repeat it");
    return true;
  }
  const tried = { version: versionToSend(entry, entries), attempts: entry.attempts + 1, firstTriedAt };
  // Written before the request leaves: after the worker's death nobody knows whether it arrived.
  const isThere = await deps.store.update(entry.key, (held) => ({ ...held, ...tried }));
  if (!isThere) return true;
  try {
    const { actionId, key } = entry;
    await (actionId === null ? sendAction(deps, { ...entry, ...tried }) : sendUndo(deps, key, actionId));
    return true;
  } catch (error) {
    return settle(deps, entry, error);
  }
}
