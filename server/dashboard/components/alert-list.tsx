import { useState } from "preact/hooks";
import type { StoredAlert } from "../../../shared/group.ts";
import { TimeAgo } from "../../../shared/ui/time-ago.tsx";
import { alerts, moreAlerts, retryDetail } from "../state/detail.ts";
import { Notice, Skeleton } from "./notice.tsx";
import { count } from "./numbers.ts";
import { visibleText } from "./visible-text.ts";

const cutAt = 20_000;

function Original({ original }: { original: unknown }) {
  const [isFull, setFull] = useState(false);
  const text = typeof original === "string" ? original : (JSON.stringify(original, null, 2) ?? "");
  const shown = isFull ? text : text.slice(0, cutAt);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="original hostile" tabIndex={0} aria-label="Original alert">
        {visibleText(shown)}
      </section>
      {shown.length < text.length && (
        <button type="button" class="link" onClick={() => setFull(true)}>
          Show all {count(text.length)} characters
        </button>
      )}
    </>
  );
}

/** The original is put into the page only once somebody opens it. */
function Alert({ alert, now }: { alert: StoredAlert; now: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <TimeAgo at={alert.receivedAt} now={now} />
          <span class="hostile alert-title">{visibleText(alert.title)}</span>
        </summary>
        {isOpen && (
          <>
            <p class="muted">
              {alert.severity} · {alert.format} · {visibleText(alert.rule)}
            </p>
            {alert.description && <p class="hostile prose">{visibleText(alert.description)}</p>}
            <Original original={alert.original} />
          </>
        )}
      </details>
    </li>
  );
}

export function AlertList({ now }: { now: number }) {
  const shown = alerts.value;
  if (shown.phase === "loading") return <Skeleton lines={2} label="Reading the alerts" />;
  if (shown.phase === "failed") return <Notice onRetry={retryDetail}>{shown.because}</Notice>;
  if (shown.value.items.length === 0) return <p class="muted">No original is kept any more.</p>;
  return (
    <>
      <ul class="alerts">
        {shown.value.items.map((alert) => (
          <Alert key={alert.id} alert={alert} now={now} />
        ))}
      </ul>
      {shown.value.next !== null && (
        <button type="button" class="link" onClick={() => void moreAlerts()}>
          Show older
        </button>
      )}
    </>
  );
}
