import type { ActionName, BulkAnswer, BulkInput } from "../../../shared/actions.ts";
import { type Context, requireScope } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { withTransaction } from "../with-transaction.ts";
import { applyChanges } from "./apply-changes.ts";
import { changeFor } from "./change-for.ts";
import type { ItemRow } from "./item-of.ts";
import { type Changing, lockWithMembers, type Planned, planChange } from "./plan-change.ts";

/** One action on many items: each succeeds or is refused by itself, and one undo takes back what succeeded. */
export async function bulk(ctx: Context, { ids, action, input }: BulkInput): Promise<BulkAnswer> {
  requireScope(ctx, "queue:act");
  const change = changeFor(ctx, action, input);
  return withTransaction(ctx, async (inner) => {
    const wanted = [...new Set(ids)];
    const rows = await lockWithMembers(inner, wanted);
    const { planned, refused } = planEach(rows, action, wanted, change);
    const { actionId, changed } = await applyChanges(inner, action, planned);
    return { actionId, results: wanted.map((id) => resultOf(id, changed.get(id), refused.get(id))) };
  });
}

function planEach(rows: ItemRow[], verb: ActionName, ids: string[], change: Changing) {
  const planned = new Map<string, Planned>();
  const refused = new Map<string, ServiceError>();
  for (const id of ids) {
    // It may have come along with its roll-up; one action changes an item once.
    if (planned.has(id)) continue;
    try {
      for (const one of planChange(rows, { id, verb, version: undefined }, change)) {
        if (!planned.has(one.row.id)) planned.set(one.row.id, one);
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      refused.set(id, error);
    }
  }
  return { planned: [...planned.values()], refused };
}

function resultOf(
  id: string,
  row: { version: number } | undefined,
  refusal: ServiceError | undefined,
): BulkAnswer["results"][number] {
  if (row !== undefined) return { id, ok: true, version: row.version };
  if (refusal === undefined) throw new Error(`item ${id} was neither changed nor refused`);
  return { id, ok: false, error: { code: refusal.code, message: refusal.message } };
}
