import { type Decision, pastTense } from "../lib/decision.ts";
import type { OutboxEntry } from "../lib/outbox.ts";

interface OutboxNoticesProps {
  problems: readonly OutboxEntry[];
  waiting: readonly OutboxEntry[];
  onRetry: (entry: OutboxEntry) => void;
  onDiscard: (entry: OutboxEntry) => void;
  onTakeBack: (entry: OutboxEntry) => void;
  onOpen: (entry: OutboxEntry) => void;
}

const notDone: Readonly<Record<Decision["action"], string>> = {
  acknowledge: "Not acknowledged",
  reopen: "Not reopened",
  annotate: "Note not added",
  snooze: "Not snoozed",
  resolve: "Not resolved",
  assign: "Owner not changed",
};

function Problem({
  entry,
  ...on
}: { entry: OutboxEntry } & Omit<OutboxNoticesProps, "problems" | "waiting">) {
  const what = entry.actionId === null ? notDone[entry.decision.action] : "Not taken back";
  return (
    <li class="problem" data-outbox={entry.key} data-state={entry.state}>
      <p>
        <b>{what}:</b> {entry.problem}. <span class="about">{entry.before.title}</span>
      </p>
      <div class="actions">
        <button type="button" class="small" onClick={() => on.onOpen(entry)}>
          Look
        </button>
        {entry.actionId === null && (
          <button type="button" class="small" onClick={() => on.onRetry(entry)}>
            {entry.state === "stale" ? "Do it anyway" : "Try again"}
          </button>
        )}
        <button type="button" class="small" onClick={() => on.onDiscard(entry)}>
          Dismiss
        </button>
      </div>
    </li>
  );
}

function Waiting({
  entries,
  onTakeBack,
}: {
  entries: readonly OutboxEntry[];
  onTakeBack: (entry: OutboxEntry) => void;
}) {
  const count = entries.length === 1 ? "1 action waiting" : `${entries.length} actions waiting`;
  return (
    <details class="waiting">
      <summary>{count} to be sent</summary>
      <ul>
        {entries.map((entry) => (
          <li key={entry.key} data-outbox={entry.key} data-state={entry.state}>
            <span>
              {entry.undone ? "Undo" : pastTense(entry.decision)}: {entry.before.title}
            </span>
            {!entry.undone && (
              <button type="button" class="small" onClick={() => onTakeBack(entry)}>
                Take back
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** What did not work and what has not been sent yet: never silent. */
export function OutboxNotices({ problems, waiting, ...on }: OutboxNoticesProps) {
  return (
    <>
      {problems.length > 0 && (
        <ul class="problems" aria-label="Not done">
          {problems.map((entry) => (
            <Problem key={entry.key} entry={entry} {...on} />
          ))}
        </ul>
      )}
      {waiting.length > 0 && <Waiting entries={waiting} onTakeBack={on.onTakeBack} />}
    </>
  );
}
