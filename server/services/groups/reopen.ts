import type { ActionAnswer, ActionInput } from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { ConflictError } from "../../errors.ts";
import { actOn } from "./act-on.ts";
import type { ItemRow } from "./item-of.ts";
import type { Change } from "./plan-change.ts";

/** Brings it back from resolved, snoozed or acknowledged. */
export function reopen(ctx: Context, id: string, { version }: ActionInput<"reopen">): Promise<ActionAnswer> {
  return actOn(ctx, { id, verb: "reopen", version }, reopening);
}

/** @throws ConflictError when it is open already */
export function reopening(row: ItemRow): Change {
  if (row.status === "open") throw new ConflictError("conflict", "it is open already");
  return {
    set: {
      status: "open",
      acknowledgedBy: null,
      acknowledgedAt: null,
      resolvedBy: null,
      resolvedAt: null,
      verdict: null,
      verdictReason: null,
      judgedScore: null,
      judgedEntities: null,
      snoozedUntil: null,
      snoozedUntilChange: false,
    },
  };
}
