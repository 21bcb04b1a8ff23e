import { and, asc, eq, gte, inArray, isNull, ne } from "drizzle-orm";
import { type UndoAnswer, undoWindowMs } from "../../../shared/actions.ts";
import type { Item } from "../../../shared/group.ts";
import { type Context, nextChange, requireScope } from "../../context.ts";
import { action, actionItem, item, note } from "../../db/schema.ts";
import { ConflictError, NotAllowedError, NotFoundError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { inScope } from "../scope.ts";
import { withTransaction } from "../with-transaction.ts";
import { type ItemRow, itemOf } from "./item-of.ts";
import type { PeoplesFields } from "./plan-change.ts";

const times = new Set(["acknowledgedAt", "snoozedUntil", "resolvedAt"]);

type Undone = typeof actionItem.$inferSelect;
type ActionRow = typeof action.$inferSelect;

/**
 * Takes an action back within five minutes, by putting back what it changed. New alerts never stand in the way, and
 * what they moved on meanwhile stays; a person's later change of the same fields does. An undone note stays in the
 * audit.
 */
export async function undo(ctx: Context, actionId: string): Promise<UndoAnswer> {
  requireScope(ctx, "queue:act");
  return withTransaction(ctx, async (inner) => {
    const claimed = await claimAction(inner, actionId);
    const undone = await inner.db.select().from(actionItem).where(eq(actionItem.actionId, actionId));
    const rows = await lockItems(
      inner,
      undone.map(({ itemId }) => itemId),
    );
    await refuseIfChanged(inner, claimed, rows, undone);
    const notes = await undoNotes(inner, actionId);
    const details = { undoes: actionId };
    await writeAudit(inner, ...undone.map(({ itemId }) => ({ verb: "undo", itemId, actionId, details })));
    const changedSeq = await nextChange(inner.db);
    const items: Item[] = [];
    for (const one of undone) {
      const row = rowOf(rows, one.itemId);
      const noteCount = row.noteCount - (notes.has(row.id) ? 1 : 0);
      const set = { ...restored(row, one), noteCount, version: row.version + 1, changedSeq };
      const updated = await inner.db.update(item).set(set).where(eq(item.id, row.id)).returning();
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

async function claimAction(ctx: Context, id: string): Promise<ActionRow> {
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
  return found;
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

/** @throws ConflictError when a person's later action, not taken back, changed one of the same fields */
async function refuseIfChanged(
  ctx: Context,
  { id, at }: ActionRow,
  rows: ItemRow[],
  undone: Undone[],
): Promise<void> {
  const ids = undone.map(({ itemId }) => itemId);
  const since = await ctx.db
    .select({ itemId: actionItem.itemId, after: actionItem.after })
    .from(actionItem)
    .innerJoin(action, eq(action.id, actionItem.actionId))
    .where(
      and(inArray(actionItem.itemId, ids), ne(action.id, id), gte(action.at, at), isNull(action.undoneAt)),
    );
  for (const one of undone) {
    const row = rowOf(rows, one.itemId);
    const later = since.filter(({ itemId }) => itemId === one.itemId);
    const changed = fieldsThatMoved(row, one).some((field) => later.some(({ after }) => field in after));
    if (changed) {
      throw new ConflictError("changed_since", `somebody changed "${row.title.slice(0, 80)}" since`);
    }
  }
}

/** Fields of the action that hold something else by now: a person's doing, or that of new alerts or of time. */
function fieldsThatMoved(row: ItemRow, { after }: Undone): string[] {
  const now: Record<string, unknown> = JSON.parse(JSON.stringify(row));
  return Object.keys(after).filter((field) => now[field] !== after[field]);
}

/** What to put back, as columns take it. It was stored by the action from a row of the same shape. */
function restored(row: ItemRow, one: Undone): Partial<PeoplesFields> {
  const moved = fieldsThatMoved(row, one);
  return Object.fromEntries(
    Object.entries(one.before)
      .filter(([field]) => !moved.includes(field))
      .map(([field, value]) => [
        field,
        times.has(field) && typeof value === "string" ? new Date(value) : value,
      ]),
  ) as Partial<PeoplesFields>;
}
