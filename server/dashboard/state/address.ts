import { computed, signal } from "@preact/signals";
import { type Filters, filtersFrom, noFilters, queryOf } from "./filters.ts";

export const ranges = ["24h", "7d", "30d"] as const;
export type Range = (typeof ranges)[number];

/** The page of the dashboard; going to another one loads it. */
export const isSourcesPage = () => location.pathname === "/sources";

const search = signal(location.search);

export const filters = computed(() => filtersFrom(search.value));
/** Changes only when the list has to be read again. */
export const filtersKey = computed(() => queryOf(filters.value).toString());
export const openId = computed(() => new URLSearchParams(search.value).get("item"));
export const range = computed<Range>(() => {
  const asked = new URLSearchParams(search.value).get("range");
  return ranges.find((one) => one === asked) ?? "24h";
});

function go(next: { filters?: Filters; item?: string | null; range?: Range }, how: "push" | "replace") {
  const query = queryOf(next.filters ?? filters.value);
  const span = next.range ?? range.value;
  if (span !== "24h") query.set("range", span);
  const item = next.item === undefined ? openId.value : next.item;
  if (item !== null) query.set("item", item);
  const text = query.toString();
  const target = text === "" ? location.pathname : `?${text}`;
  if (how === "push") history.pushState(null, "", target);
  else history.replaceState(null, "", target);
  search.value = text === "" ? "" : `?${text}`;
}

/** Typing replaces the address, so that Back does not walk through every letter. */
export function changeFilters(change: Partial<Filters>, how: "push" | "replace" = "push"): void {
  go({ filters: { ...filters.value, ...change }, item: null }, how);
}

export function clearFilters(): void {
  const { hidden, status, band } = filters.value;
  const isDigest = band.length > 0 && band.every((one) => one === "P4" || one === "P5");
  changeFilters({ ...noFilters, hidden, status, band: isDigest ? band : [] });
}

/** Moving from one opened item to the next is one step of history, not many. */
export function openItem(id: string): void {
  if (id !== openId.value) go({ item: id }, openId.value === null ? "push" : "replace");
}

export function closeItem(): void {
  if (openId.value !== null) go({ item: null }, "replace");
}

export function chooseRange(next: Range): void {
  go({ range: next }, "replace");
}

/** A link that opens the item in a tab of its own. */
export function hrefOf(id: string): string {
  const query = queryOf(filters.value);
  query.set("item", id);
  return `?${query}`;
}

export function followHistory(): void {
  addEventListener("popstate", () => {
    search.value = location.search;
  });
}
