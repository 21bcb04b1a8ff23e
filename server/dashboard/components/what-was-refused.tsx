import { useState } from "preact/hooks";
import type { Reject } from "../../../shared/senders.ts";
import { TimeAgo } from "../../../shared/ui/time-ago.tsx";
import { chooseSender, chosenSender, loadRejects, moreRejects, rejects, senders } from "../state/senders.ts";
import { canManagePolicy } from "../state/session.ts";
import { sample } from "../state/sources.ts";
import { Notice, Skeleton } from "./notice.tsx";
import { count } from "./numbers.ts";
import { visibleText } from "./visible-text.ts";

function SenderChoice() {
  const known = senders.value.phase === "ready" ? senders.value.value : [];
  return (
    <label class="sender-choice">
      Sent by
      <select
        value={chosenSender.value?.id ?? ""}
        onChange={(event) => chooseSender(event.currentTarget.value)}
      >
        <option value="">Everyone</option>
        {known.map(({ id, actor, format }) => (
          <option key={id} value={id}>
            {visibleText(actor.name)} · {visibleText(format)}
          </option>
        ))}
      </select>
    </label>
  );
}

function trySample(payload: string): void {
  sample.value = payload;
  document.getElementById("sample")?.focus();
}

function sizeOf({ size, cut }: Reject): string {
  const bytes = size === null ? "size unknown" : `${count(size)} bytes`;
  return cut ? `${bytes}, only the beginning is kept` : bytes;
}

function Payload({ reject }: { reject: Reject }) {
  const where = reject.place === null ? "The whole request" : `Alert no. ${reject.place + 1} of its request`;
  return (
    <>
      <p class="muted">
        {where} · {sizeOf(reject)} · {visibleText(reject.code)} · request {reject.requestId}
      </p>
      {reject.payload === "" ? (
        <p class="muted">It was empty.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section class="original hostile" tabIndex={0} aria-label="What was sent">
          {visibleText(reject.payload)}
        </section>
      )}
      {canManagePolicy.value && !reject.cut && reject.payload !== "" && (
        <button type="button" class="link" onClick={() => trySample(reject.payload)}>
          Try it as a sample
        </button>
      )}
    </>
  );
}

/** The payload is put into the page only once somebody opens it. */
function RefusedOne({ reject, now }: { reject: Reject; now: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <TimeAgo at={reject.at} now={now} />
          <span>
            <span class="hostile alert-title">{visibleText(reject.message)}</span>
            <span class="hostile muted refused-by">
              {visibleText(reject.actor.name)} · {visibleText(reject.format)}
            </span>
          </span>
        </summary>
        {isOpen && <Payload reject={reject} />}
      </details>
    </li>
  );
}

function emptyText(): string {
  const sender = chosenSender.value;
  if (sender === null) return "Nothing was refused in the last seven days.";
  return `Nothing of ${visibleText(sender.actor.name)} as ${visibleText(sender.format)} was refused in the last seven days.`;
}

function RejectList({ now }: { now: number }) {
  const shown = rejects.value;
  if (shown.phase === "loading") return <Skeleton lines={3} label="Reading what was refused" />;
  if (shown.phase === "failed") return <Notice onRetry={() => void loadRejects()}>{shown.because}</Notice>;
  if (shown.value.items.length === 0) return <p class="muted">{emptyText()}</p>;
  return (
    <>
      <ul class="alerts refused">
        {shown.value.items.map((reject) => (
          <RefusedOne key={reject.id} reject={reject} now={now} />
        ))}
      </ul>
      {shown.value.next !== null && (
        <button type="button" class="link" onClick={() => void moreRejects()}>
          Show older
        </button>
      )}
    </>
  );
}

/** The last payloads that were not taken, with the reason. */
export function WhatWasRefused({ now }: { now: number }) {
  return (
    <section class="card" aria-labelledby="refused-heading">
      <div class="card-top">
        <h2 id="refused-heading" tabIndex={-1}>
          What was refused
        </h2>
        <span class="buttons">
          <SenderChoice />
          <button type="button" onClick={() => void loadRejects()}>
            Read again
          </button>
        </span>
      </div>
      <RejectList now={now} />
    </section>
  );
}
