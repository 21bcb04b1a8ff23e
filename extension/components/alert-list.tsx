import { TimeAgo } from "../../shared/ui/time-ago.tsx";
import type { StoredAlert } from "../lib/api.ts";

interface AlertListProps {
  alerts: readonly StoredAlert[];
  hasMore: boolean;
  now: number;
  onMore: () => void;
}

const longest = 200_000;

function pretty(original: unknown): string {
  const text = typeof original === "string" ? original : JSON.stringify(original, null, 2);
  return text.length > longest
    ? `${text.slice(0, longest)}\n… cut here, the dashboard shows all of it`
    : text;
}

function OriginalAlert({ alert, now }: { alert: StoredAlert; now: number }) {
  return (
    <details data-alert-id={alert.id}>
      <summary>
        {alert.title} <TimeAgo at={alert.receivedAt} now={now} />
      </summary>
      {alert.description !== null && <p class="description">{alert.description}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by key */}
      <pre tabIndex={0}>{pretty(alert.original)}</pre>
    </details>
  );
}

/** The alerts exactly as they came, newest first; text, never markup. */
export function AlertList({ alerts, hasMore, now, onMore }: AlertListProps) {
  return (
    <div class="alerts">
      {alerts.map((alert) => (
        <OriginalAlert key={alert.id} alert={alert} now={now} />
      ))}
      {hasMore && (
        <button type="button" class="small" onClick={onMore}>
          Older alerts
        </button>
      )}
    </div>
  );
}
