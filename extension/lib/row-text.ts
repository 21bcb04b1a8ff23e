import type { Item } from "../../shared/group.ts";

const plain = new Intl.NumberFormat("en");

function counted(count: number, one: string, many: string): string {
  return `${plain.format(count)} ${count === 1 ? one : many}`;
}

/** How much stands behind an item, as in "30,114 alerts in 212 groups". */
export function sizeText(item: Item): string {
  const alerts = counted(item.count, "alert", "alerts");
  if (item.kind === "group") return alerts;
  const groups = counted(item.memberCount, "group", "groups");
  return item.kind === "rollup" ? `${alerts} folded from ${groups}` : `incident of ${groups}, ${alerts}`;
}

/** The second line after the environment: service, size, detector, and what sets the item apart. */
export function placeParts(item: Item): string[] {
  const parts = [item.service, sizeText(item), item.source, ...item.techniques.slice(0, 1)];
  if (item.assignee !== null) parts.push(`with ${item.assignee}`);
  if (item.noteCount > 0) parts.push(counted(item.noteCount, "note", "notes"));
  if (item.cleared) parts.push("cleared");
  return parts.filter((part) => part !== null);
}
