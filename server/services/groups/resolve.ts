import type { ActionAnswer, ActionInput } from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { actOn } from "./act-on.ts";
import type { ItemRow } from "./item-of.ts";
import type { Change } from "./plan-change.ts";

/** Closes it with what it turned out to be; a later judgement replaces an earlier one. */
export function resolve(ctx: Context, id: string, input: ActionInput<"resolve">): Promise<ActionAnswer> {
  return actOn(ctx, { id, verb: "resolve", version: input.version }, resolving(ctx, input));
}

export function resolving(
  { actor, clock }: Context,
  input: ActionInput<"resolve">,
): (row: ItemRow) => Change {
  const { verdict, reason, note } = input;
  return (row) => ({
    set: {
      status: "resolved",
      verdict,
      verdictReason: reason ?? null,
      resolvedBy: actor.name,
      resolvedAt: new Date(clock()),
      snoozedUntil: null,
      snoozedUntilChange: false,
      judgedScore: row.score,
      judgedEntities: row.entityCount,
    },
    note,
    details: { verdict, ...(reason !== undefined && { reason }) },
  });
}
