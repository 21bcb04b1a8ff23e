import type { Item } from "../../shared/group.ts";

export const views = ["open", "in-hand", "mine"] as const;
export type View = (typeof views)[number];

export const viewLabel: Readonly<Record<View, string>> = {
  open: "Open",
  "in-hand": "In hand",
  mine: "Mine",
};

export function isInView(item: Item, view: View, person: string | null): boolean {
  if (view === "open") return item.status === "open";
  if (view === "in-hand") return item.status === "acknowledged";
  return person !== null && (item.assignee === person || item.acknowledgedBy === person);
}

/** Every word must occur somewhere in what the row shows; plain text, never a pattern. */
export function matchesWords(item: Item, words: string): boolean {
  const where = [
    item.title,
    item.environment,
    item.service ?? "",
    item.source,
    item.rule,
    item.band,
    ...item.entities.map((entity) => entity.value),
  ]
    .join("\n")
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}
