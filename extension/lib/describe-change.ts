import type { Item } from "../../shared/group.ts";
import { verdictLabel } from "../../shared/ui/verdict-label.ts";

function statusSentence(now: Item): string {
  if (now.status === "acknowledged") {
    return now.acknowledgedBy === null ? "it is acknowledged" : `${now.acknowledgedBy} acknowledged it`;
  }
  if (now.status === "resolved") {
    return now.verdict === null
      ? "it is resolved"
      : `it is resolved as ${verdictLabel[now.verdict].toLowerCase()}`;
  }
  return now.status === "snoozed" ? "it is snoozed" : "it is open again";
}

/** What moved between what the person saw and what is now, as one sentence without a full stop. */
export function describeChange(before: Item, now: Item): string {
  const changes: string[] = [];
  if (now.status !== before.status || now.verdict !== before.verdict) changes.push(statusSentence(now));
  if (now.assignee !== before.assignee) {
    changes.push(now.assignee === null ? "it has no owner now" : `${now.assignee} owns it now`);
  }
  if (now.band !== before.band) changes.push(`it went from ${before.band} to ${now.band}`);
  if (now.noteCount > before.noteCount) changes.push("a note was added");
  if (now.hidden !== null && before.hidden === null) changes.push("it is hidden now");
  return changes.length === 0 ? "someone changed it" : changes.join(", ");
}
