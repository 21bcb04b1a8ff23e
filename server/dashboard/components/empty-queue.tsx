import { clearFilters, filters, range } from "../state/address.ts";
import { narrowing, type Tab, tabOf } from "../state/filters.ts";
import { counts } from "../state/queue.ts";
import { funnel } from "../state/reports.ts";
import { count, counted } from "./numbers.ts";

const words: Readonly<Record<Exclude<Tab, "need">, string>> = {
  digest: "The digest is empty.",
  hidden: "Nothing is hidden.",
  snoozed: "Nothing is snoozed.",
  resolved: "Nothing has been resolved yet.",
};

const spans = { "24h": "24 hours", "7d": "7 days", "30d": "30 days" } as const;

/** What was kept away, as the reward of an empty queue. */
function keptAway(): string {
  const report = funnel.value.phase === "ready" ? funnel.value.value : null;
  const all = counts.value;
  const parts = [
    ...(report ? [`${counted(report.received, "alert")} in the last ${spans[range.value]}`] : []),
    ...(all ? [`${count(all.hidden)} hidden`, `${count(all.P4)} in the digest`] : []),
  ];
  return parts.length === 0 ? "" : `${parts.join(", ")}.`;
}

export function EmptyQueue() {
  const tab = tabOf(filters.value);
  if (narrowing(filters.value) > 0) {
    return (
      <div class="empty">
        <p class="empty-first">No item matches these filters.</p>
        <button type="button" onClick={clearFilters}>
          Clear filters
        </button>
      </div>
    );
  }
  return (
    <div class="empty">
      <p class="empty-first">{tab === "need" ? "Nothing needs you." : words[tab]}</p>
      {tab === "need" && <p class="muted">{keptAway()}</p>}
    </div>
  );
}
