import { and, asc, eq, or } from "drizzle-orm";
import type { ActionAnswer, ActionName } from "../../../shared/actions.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { type Context, nextChange, requireScope } from "../../context.ts";
import { action, actionItem, item, note } from "../../db/schema.ts";
import { ConflictError, NotFoundError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { inScope } from "../scope.ts";
import { withTransaction } from "../with-transaction.ts";
import { type ItemRow, itemOf } from "./item-of.ts";

/** The columns that belong to people; an action changes some of them and undo puts them back. */
export type PeoplesFields = Pick<
  ItemRow,
  | "status"
  | "assignee"
  | "acknowledgedBy"
  | "acknowledgedAt"
  | "snoozedUntil"
  | "snoozedUntilChange"
  | "verdict"
  | "verdictReason"
  | "resolvedBy"
  | "resolvedAt"
  | "judgedScore"
  | "judgedEntities"
>;

export interface Change {
  set: Partial<PeoplesFields>;
  note?: string | undefined;
  /** What the audit says besides the verb. */
  details?: Record<string, unknown>;
}

export interface ActRequest {
  id: string;
  verb: ActionName;
  /** The version the person saw; 409 when people's state moved on since. */
  version: number | undefined;
}

/**
 * The frame of every action on an item: scope, lock, version, change, action row for undo, audit row, change
 * sequence, all in one transaction. A roll-up or an incident takes its members with it.
 * @throws NotFoundError, ConflictError stale_version, and what `change` throws
 */
export async function actOn(
  ctx: Context,
  request: ActRequest,
  change: (row: ItemRow) => Change,
): Promise<ActionAnswer> {
  requireScope(ctx, "queue:act");
  return withTransaction(ctx, async (inner) => {
    const actionId = await openAction(inner, request.verb);
    return { actionId, item: await changeItem(inner, actionId, request, change) };
  });
}

/** Begins an action that may span several items. */
export async function openAction(ctx: Context, verb: ActionName): Promise<string> {
  const now = ctx.clock();
  const id = uuidv7(now);
  const { id: actorId, name: actorName } = ctx.actor;
  await ctx.db.insert(action).values({ id, at: new Date(now), actorId, actorName, verb });
  return id;
}

export async function changeItem(
  ctx: Context,
  actionId: string,
  { id, verb, version }: ActRequest,
  change: (row: ItemRow) => Change,
) {
  const rows = await lockWithMembers(ctx, id);
  const main = rows.find((row) => row.id === id);
  if (main === undefined) throw new NotFoundError("the item");
  if (version !== undefined && version !== main.version) {
    throw new ConflictError(
      "stale_version",
      `the item is at version ${main.version}; it moved on since ${version}`,
    );
  }
  const changes = rows.map((row) => ({ row, change: change(row) }));
  for (const { row, change: one } of changes) await record(ctx, actionId, verb, row, one);
  const changedSeq = await nextChange(ctx.db);
  let result = main;
  for (const { row, change: one } of changes) {
    const noteCount = row.noteCount + (one.note === undefined ? 0 : 1);
    const set = { ...one.set, noteCount, version: row.version + 1, changedSeq };
    const [updated] = await ctx.db.update(item).set(set).where(eq(item.id, row.id)).returning();
    if (row.id === id && updated !== undefined) result = updated;
  }
  return itemOf(result);
}

async function lockWithMembers(ctx: Context, id: string): Promise<ItemRow[]> {
  return ctx.db
    .select()
    .from(item)
    .where(and(or(eq(item.id, id), eq(item.rollupId, id), eq(item.incidentId, id)), inScope(ctx.actor)))
    .orderBy(asc(item.id))
    .for("update");
}

async function record(
  ctx: Context,
  actionId: string,
  verb: ActionName,
  row: ItemRow,
  { set, note: text, details }: Change,
): Promise<void> {
  const now = ctx.clock();
  const before = Object.fromEntries(Object.entries(row).filter(([column]) => column in set));
  await ctx.db.insert(actionItem).values({ actionId, itemId: row.id, before, after: { ...set } });
  if (text !== undefined) {
    const at = new Date(now);
    await ctx.db
      .insert(note)
      .values({ id: uuidv7(now), itemId: row.id, actionId, author: ctx.actor.name, text, at });
  }
  await writeAudit(ctx, {
    verb,
    itemId: row.id,
    actionId,
    details: { ...details, ...(text !== undefined && { note: text }) },
  });
}
