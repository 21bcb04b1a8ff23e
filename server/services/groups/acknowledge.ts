import type { ActionAnswer, ActionInput } from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { ConflictError } from "../../errors.ts";
import { actOn } from "./act-on.ts";
import type { ItemRow } from "./item-of.ts";
import type { Change } from "./plan-change.ts";

/** Somebody looks at it: it stays in the queue and stops asking for a person. */
export function acknowledge(
  ctx: Context,
  id: string,
  { version }: ActionInput<"acknowledge">,
): Promise<ActionAnswer> {
  return actOn(ctx, { id, verb: "acknowledge", version }, acknowledging(ctx));
}

/** @throws ConflictError when it is acknowledged or resolved already */
export function acknowledging({ actor, clock }: Context): (row: ItemRow) => Change {
  return (row) => {
    if (row.status === "acknowledged") {
      throw new ConflictError("conflict", `${row.acknowledgedBy} acknowledged it already`);
    }
    if (row.status === "resolved") throw new ConflictError("conflict", "it is resolved; reopen it first");
    return {
      set: {
        status: "acknowledged",
        acknowledgedBy: actor.name,
        acknowledgedAt: new Date(clock()),
        assignee: row.assignee ?? actor.name,
        snoozedUntil: null,
        snoozedUntilChange: false,
      },
    };
  };
}
