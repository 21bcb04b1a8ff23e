import { TimeAgo } from "../../shared/ui/time-ago.tsx";
import type { StoredAlert } from "../lib/api.ts";
import { prettyJson } from "../lib/pretty-json.ts";

interface AlertListProps {
  alerts: readonly StoredAlert[];
  hasMore: boolean;
  now: number;
  onMore: () => void;
}

const longest = 200_000;

function shown(original: string): string {
  if (original.length <= longest) return prettyJson(original);
  return `${original.slice(0, longest)}\n… cut here, the dashboard shows all of it`;
}

function OriginalAlert({ alert, now }: { alert: StoredAlert; now: number }) {
  return (
    <details data-alert-id={alert.id}>
      <summary>
        {alert.title} <TimeAgo at={alert.receivedAt} now={now} />
      </summary>
      {alert.description !== null && <p class="description">{alert.description}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by key */}
      <pre tabIndex={0}>{shown(alert.original)}</pre>
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
