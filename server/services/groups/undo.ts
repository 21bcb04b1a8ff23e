import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { type UndoAnswer, undoWindowMs } from "../../../shared/actions.ts";
import type { Item } from "../../../shared/group.ts";
import { type Context, nextChange, requireScope } from "../../context.ts";
import { action, actionItem, item, note } from "../../db/schema.ts";
import { ConflictError, NotAllowedError, NotFoundError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { inScope } from "../scope.ts";
import { withTransaction } from "../with-transaction.ts";
import type { PeoplesFields } from "./act-on.ts";
import { type ItemRow, itemOf } from "./item-of.ts";

const times = new Set(["acknowledgedAt", "snoozedUntil", "resolvedAt"]);

/**
 * Takes an action back within five minutes, by putting back what it changed. New alerts never stand in the way;
 * another person's later change of the same fields does. An undone note stays in the audit.
 */
export async function undo(ctx: Context, actionId: string): Promise<UndoAnswer> {
  requireScope(ctx, "queue:act");
  return withTransaction(ctx, async (inner) => {
    await claimAction(inner, actionId);
    const undone = await inner.db.select().from(actionItem).where(eq(actionItem.actionId, actionId));
    const rows = await lockItems(
      inner,
      undone.map(({ itemId }) => itemId),
    );
    const notes = await undoNotes(inner, actionId);
    for (const { itemId, after } of undone) {
      refuseIfChanged(rowOf(rows, itemId), after);
      await writeAudit(inner, { verb: "undo", itemId, actionId, details: { undoes: actionId } });
    }
    const changedSeq = await nextChange(inner.db);
    const items: Item[] = [];
    for (const { itemId, before } of undone) {
      const row = rowOf(rows, itemId);
      const noteCount = row.noteCount - (notes.has(itemId) ? 1 : 0);
      const set = { ...fieldsOf(before), noteCount, version: row.version + 1, changedSeq };
      const updated = await inner.db.update(item).set(set).where(eq(item.id, itemId)).returning();
      items.push(...updated.map(itemOf));
    }
    return { actionId, items };
  });
}

/** @throws NotFoundError for an item that left the actor's scope since */
function rowOf(rows: ItemRow[], id: string): ItemRow {
  const row = rows.find((one) => one.id === id);
  if (row === undefined) throw new NotFoundError("an item of the action");
  return row;
}

async function claimAction(ctx: Context, id: string): Promise<void> {
  const now = ctx.clock();
  const [found] = await ctx.db.select().from(action).where(eq(action.id, id)).for("update");
  if (found === undefined) throw new NotFoundError("the action");
  if (found.actorId !== ctx.actor.id) throw new NotAllowedError(`only ${found.actorName} can take that back`);
  if (found.undoneAt !== null) throw new ConflictError("conflict", "it was taken back already");
  if (now - found.at.getTime() > undoWindowMs) {
    throw new ConflictError("undo_expired", "an action can be taken back for five minutes");
  }
  await ctx.db
    .update(action)
    .set({ undoneAt: new Date(now) })
    .where(eq(action.id, id));
}

async function lockItems(ctx: Context, ids: string[]): Promise<ItemRow[]> {
  return ctx.db
    .select()
    .from(item)
    .where(and(inArray(item.id, ids), inScope(ctx.actor)))
    .orderBy(asc(item.id))
    .for("update");
}

async function undoNotes(ctx: Context, actionId: string): Promise<Set<string>> {
  const undone = await ctx.db
    .update(note)
    .set({ undoneAt: new Date(ctx.clock()) })
    .where(and(eq(note.actionId, actionId), isNull(note.undoneAt)))
    .returning({ itemId: note.itemId });
  return new Set(undone.map(({ itemId }) => itemId));
}

function refuseIfChanged(row: ItemRow, after: Record<string, unknown>): void {
  const now: Record<string, unknown> = JSON.parse(JSON.stringify(row));
  for (const [field, value] of Object.entries(after)) {
    if (now[field] === value) continue;
    throw new ConflictError("changed_since", `somebody changed "${row.title.slice(0, 80)}" since`);
  }
}

/** The stored fields as columns take them. They were written by `actOn` from a row of the same shape. */
function fieldsOf(stored: Record<string, unknown>): Partial<PeoplesFields> {
  return Object.fromEntries(
    Object.entries(stored).map(([field, value]) => [
      field,
      times.has(field) && typeof value === "string" ? new Date(value) : value,
    ]),
  ) as Partial<PeoplesFields>;
}
