import type { BulkAnswer, BulkInput } from "../../../shared/actions.ts";
import { type Context, requireScope } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { withTransaction } from "../with-transaction.ts";
import { changeItem, openAction } from "./act-on.ts";
import { changeFor } from "./change-for.ts";

/** One action on many items: each succeeds or is refused by itself, and one undo takes back what succeeded. */
export async function bulk(ctx: Context, { ids, action, input }: BulkInput): Promise<BulkAnswer> {
  requireScope(ctx, "queue:act");
  const change = changeFor(ctx, action, input);
  return withTransaction(ctx, async (inner) => {
    const actionId = await openAction(inner, action);
    const results: BulkAnswer["results"] = [];
    // In one order for everyone, so that two bulks never wait for each other's items.
    for (const id of [...new Set(ids)].sort()) {
      try {
        const request = { id, verb: action, version: undefined };
        const { version } = await inner.db.transaction((db) =>
          changeItem({ ...inner, db }, actionId, request, change),
        );
        results.push({ id, ok: true, version });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        results.push({ id, ok: false, error: { code: error.code, message: error.message } });
      }
    }
    return { actionId, results };
  });
}
