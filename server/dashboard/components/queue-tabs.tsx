import { changeFilters, filters } from "../state/address.ts";
import { inTab, type Tab, tabOf, tabs } from "../state/filters.ts";
import { counts } from "../state/queue.ts";
import { count } from "./numbers.ts";

const names: Readonly<Record<Tab, string>> = {
  need: "Need a person",
  digest: "Digest (P4)",
  hidden: "Hidden",
  snoozed: "Snoozed",
  resolved: "Resolved",
};

function label(tab: Tab): string {
  const all = counts.value;
  if (tab === "hidden" && all !== null) return `Hidden (${count(all.hidden)})`;
  return names[tab];
}

/** Views of the one list; links would lose the other filters, so these are buttons of a group. */
export function QueueTabs() {
  const current = tabOf(filters.value);
  return (
    <fieldset class="tabs" aria-label="Which items">
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          aria-pressed={tab === current}
          onClick={() => changeFilters(inTab(filters.value, tab))}
        >
          {label(tab)}
        </button>
      ))}
    </fieldset>
  );
}
