import type { ActionAnswer } from "../../../shared/actions.ts";
import { type Context, requireScope } from "../../context.ts";
import { withTransaction } from "../with-transaction.ts";
import { applyChanges } from "./apply-changes.ts";
import { itemOf } from "./item-of.ts";
import { type ActRequest, type Changing, lockWithMembers, planChange } from "./plan-change.ts";

/**
 * The frame of every action on an item: scope, lock, version, change, action row for undo, audit row, change
 * sequence, all in one transaction. A roll-up or an incident takes its members with it.
 * @throws NotFoundError, ConflictError stale_version, and what `change` throws
 */
export async function actOn(ctx: Context, request: ActRequest, change: Changing): Promise<ActionAnswer> {
  requireScope(ctx, "queue:act");
  return withTransaction(ctx, async (inner) => {
    const rows = await lockWithMembers(inner, [request.id]);
    const planned = planChange(rows, request, change);
    const { actionId, changed } = await applyChanges(inner, request.verb, planned);
    const main = changed.get(request.id);
    if (main === undefined) throw new Error(`item ${request.id} was locked and not changed`);
    return { actionId, item: itemOf(main) };
  });
}
