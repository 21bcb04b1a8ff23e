import type { Item } from "../lib/api.ts";
import type { Panel } from "../state/panel.ts";
import { QueueRow, type RowActions } from "./queue-row.tsx";
import { useLeaving } from "./use-leaving.ts";

interface QueueListProps extends RowActions {
  rows: readonly Item[];
  now: number;
  current: string | null;
  /** Whether the keys steer, so that the focus follows the current row. */
  isSteered: boolean;
  openPanel: { id: string; panel: Panel } | null;
}

export function QueueList({ rows, now, current, isSteered, openPanel, ...actions }: QueueListProps) {
  const shown = useLeaving(rows);
  return (
    // Lists without markers lose their role in some screen readers unless it is said.
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <ol class="queue" role="list" aria-label="Queue">
      {shown.map(({ item, isLeaving }) => (
        <QueueRow
          key={item.id}
          item={item}
          now={now}
          isCurrent={item.id === current}
          hasFocus={isSteered && item.id === current}
          isLeaving={isLeaving}
          panel={openPanel?.id === item.id ? openPanel.panel : null}
          {...actions}
        />
      ))}
    </ol>
  );
}
