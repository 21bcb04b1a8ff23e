import type { ActionAnswer, ActionInput } from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { ConflictError } from "../../errors.ts";
import { actOn } from "./act-on.ts";
import type { ItemRow } from "./item-of.ts";
import type { Change } from "./plan-change.ts";

/** Asks for another person: it is open again and belongs to them, or to nobody yet. */
export function escalate(ctx: Context, id: string, input: ActionInput<"escalate">): Promise<ActionAnswer> {
  return actOn(ctx, { id, verb: "escalate", version: input.version }, escalating(input));
}

/** @throws ConflictError when it is resolved */
export function escalating({ to, note }: ActionInput<"escalate">): (row: ItemRow) => Change {
  return (row) => {
    if (row.status === "resolved") throw new ConflictError("conflict", "it is resolved; reopen it first");
    return {
      set: {
        status: "open",
        assignee: to ?? null,
        acknowledgedBy: null,
        acknowledgedAt: null,
        snoozedUntil: null,
        snoozedUntilChange: false,
      },
      note,
      details: { to: to ?? null },
    };
  };
}
