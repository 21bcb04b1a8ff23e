import type { ActionAnswer, ActionInput } from "../../../shared/actions.ts";
import { parseDuration } from "../../../shared/duration.ts";
import type { Context } from "../../context.ts";
import { ConflictError, InvalidError } from "../../errors.ts";
import { actOn } from "./act-on.ts";
import type { ItemRow } from "./item-of.ts";
import type { Change } from "./plan-change.ts";

const mostMs = 90 * 86_400_000;

/** Puts it away until a time, for a while, or until it changes. Repeats are counted meanwhile. */
export function snooze(ctx: Context, id: string, input: ActionInput<"snooze">): Promise<ActionAnswer> {
  return actOn(ctx, { id, verb: "snooze", version: input.version }, snoozing(ctx, input));
}

/** @throws InvalidError for a time that is past or over 90 days away, ConflictError when it is resolved */
export function snoozing({ clock }: Context, input: ActionInput<"snooze">): (row: ItemRow) => Change {
  const until = endOf(input, clock());
  const set = { status: "snoozed" as const, snoozedUntil: until, snoozedUntilChange: until === null };
  return (row) => {
    if (row.status === "resolved") throw new ConflictError("conflict", "it is resolved; reopen it first");
    return { set, details: { until: until?.toISOString() ?? "it changes" } };
  };
}

function endOf(input: ActionInput<"snooze">, now: number): Date | null {
  if ("untilChange" in input) return null;
  const end = "until" in input ? Date.parse(input.until) : now + (parseDuration(input.for) ?? 0);
  if (end <= now) throw new InvalidError("until: that time is past");
  if (end > now + mostMs) throw new InvalidError("until: at most 90 days ahead");
  return new Date(end);
}
