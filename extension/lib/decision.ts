import type { Item, Verdict } from "../../shared/group.ts";

/** What a person decided about an item; `input` is the body of the action's call. */
export type Decision =
  | { action: "acknowledge"; input: Record<string, never> }
  | { action: "reopen"; input: Record<string, never> }
  | { action: "annotate"; input: { text: string } }
  | { action: "snooze"; input: { until: string } | { for: string } | { untilChange: true } }
  | { action: "resolve"; input: { verdict: Verdict; reason?: string } }
  | { action: "assign"; input: { to: string | null } };

/** A note is welcome whatever happened since; the others decide on what the person saw. */
export function needsVersion(decision: Decision): boolean {
  return decision.action !== "annotate" && decision.action !== "assign";
}

/** The item as it will be once the server agrees. */
export function predict(item: Item, decision: Decision, person: string | null, at: string): Item {
  switch (decision.action) {
    case "acknowledge":
      return { ...item, status: "acknowledged", acknowledgedBy: person, acknowledgedAt: at };
    case "reopen":
      return { ...item, status: "open", snoozedUntil: null, verdict: null };
    case "annotate":
      return { ...item, noteCount: item.noteCount + 1 };
    case "snooze":
      return { ...item, status: "snoozed" };
    case "resolve":
      return { ...item, status: "resolved", verdict: decision.input.verdict };
    case "assign":
      return { ...item, assignee: decision.input.to };
  }
}

const past: Readonly<Record<Decision["action"], string>> = {
  acknowledge: "Acknowledged",
  reopen: "Reopened",
  annotate: "Note added",
  snooze: "Snoozed",
  resolve: "Resolved",
  assign: "Owner changed",
};

/** The action in the past tense, as in "Acknowledged". */
export function pastTense(decision: Decision): string {
  return past[decision.action];
}
