import { inArray, sql } from "drizzle-orm";
import type { ActionName } from "../../../shared/actions.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { type Context, nextChange } from "../../context.ts";
import { action, actionItem, item, note } from "../../db/schema.ts";
import { writeAudit } from "../audit/write-audit.ts";
import type { ItemRow } from "./item-of.ts";
import type { Planned } from "./plan-change.ts";

/** Rows of one insert: a statement takes 65,535 parameters. */
const mostRows = 1_000;

/** Writes one action: what it changes, what undo needs of it, notes, audit. The rows are locked by the caller. */
export async function applyChanges(
  ctx: Context,
  verb: ActionName,
  planned: readonly Planned[],
): Promise<{ actionId: string; changed: Map<string, ItemRow> }> {
  const actionId = await openAction(ctx, verb);
  for (let from = 0; from < planned.length; from += mostRows) {
    await record(ctx, { actionId, verb }, planned.slice(from, from + mostRows));
  }
  // Taken after every lock: it holds back everyone else who changes an item until this transaction ends.
  const changedSeq = await nextChange(ctx.db);
  const changed = new Map<string, ItemRow>();
  for (const alike of inAlikes(planned)) {
    for (const row of await update(ctx, alike, changedSeq)) changed.set(row.id, row);
  }
  return { actionId, changed };
}

async function openAction(ctx: Context, verb: ActionName): Promise<string> {
  const now = ctx.clock();
  const id = uuidv7(now);
  const { id: actorId, name: actorName } = ctx.actor;
  await ctx.db.insert(action).values({ id, at: new Date(now), actorId, actorName, verb });
  return id;
}

async function record(
  ctx: Context,
  { actionId, verb }: { actionId: string; verb: ActionName },
  planned: readonly Planned[],
): Promise<void> {
  const now = ctx.clock();
  await ctx.db.insert(actionItem).values(
    planned.map(({ row, change: { set } }) => {
      const before = Object.fromEntries(Object.entries(row).filter(([column]) => column in set));
      return { actionId, itemId: row.id, before, after: { ...set } };
    }),
  );
  const notes = planned.flatMap(({ row, change: { note: text } }) =>
    text === undefined
      ? []
      : [{ id: uuidv7(now), itemId: row.id, actionId, author: ctx.actor.name, text, at: new Date(now) }],
  );
  if (notes.length > 0) await ctx.db.insert(note).values(notes);
  await writeAudit(
    ctx,
    ...planned.map(({ row, change: { details, note: text } }) => ({
      verb,
      itemId: row.id,
      actionId,
      details: { ...details, ...(text !== undefined && { note: text }) },
    })),
  );
}

/** Changes that set the same values, so that an action on hundreds of items is a handful of statements. */
function inAlikes(planned: readonly Planned[]): Planned[][] {
  const alikes = new Map<string, Planned[]>();
  for (const one of planned) {
    const key = JSON.stringify([one.change.set, one.change.note !== undefined]);
    const alike = alikes.get(key);
    if (alike === undefined) alikes.set(key, [one]);
    else alike.push(one);
  }
  return [...alikes.values()];
}

async function update(ctx: Context, alike: readonly Planned[], changedSeq: number): Promise<ItemRow[]> {
  const [first] = alike;
  if (first === undefined) return [];
  const { set, note: text } = first.change;
  const noteCount = sql`${item.noteCount} + ${text === undefined ? 0 : 1}`;
  return ctx.db
    .update(item)
    .set({ ...set, noteCount, version: sql`${item.version} + 1`, changedSeq })
    .where(
      inArray(
        item.id,
        alike.map(({ row }) => row.id),
      ),
    )
    .returning();
}
