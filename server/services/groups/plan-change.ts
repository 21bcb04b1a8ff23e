import { and, asc, inArray, or } from "drizzle-orm";
import type { ActionName } from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { ConflictError, NotFoundError } from "../../errors.ts";
import { inScope } from "../scope.ts";
import type { ItemRow } from "./item-of.ts";

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

/** What an action makes of an item; throws what stands against it. */
export type Changing = (row: ItemRow) => Change;

export interface Planned {
  row: ItemRow;
  change: Change;
}

export interface ActRequest {
  id: string;
  verb: ActionName;
  /** The version the person saw; 409 when people's state moved on since. */
  version: number | undefined;
}

/**
 * The items with their members, locked all at once and in one order for everyone, triage included: whoever waits
 * for one of them holds none that the other needs.
 */
export async function lockWithMembers(ctx: Context, ids: string[]): Promise<ItemRow[]> {
  const wanted = or(inArray(item.id, ids), inArray(item.rollupId, ids), inArray(item.incidentId, ids));
  return ctx.db
    .select()
    .from(item)
    .where(and(wanted, inScope(ctx.actor)))
    .orderBy(asc(item.id))
    .for("update");
}

/**
 * What an action would change: the item itself, which has to agree, and those of its members that do.
 * @throws NotFoundError, ConflictError stale_version, and what `change` throws for the item itself
 */
export function planChange(
  rows: readonly ItemRow[],
  { id, version }: ActRequest,
  change: Changing,
): Planned[] {
  const main = rows.find((row) => row.id === id);
  if (main === undefined) throw new NotFoundError("the item");
  if (version !== undefined && version !== main.version) {
    throw new ConflictError(
      "stale_version",
      `the item is at version ${main.version}; it moved on since ${version}`,
    );
  }
  const members = rows.filter(({ rollupId, incidentId }) => rollupId === id || incidentId === id);
  return [{ row: main, change: change(main) }, ...members.flatMap((row) => ifItAgrees(row, change))];
}

/** A member that is where the action leads already, or beyond it, stays as it is. */
function ifItAgrees(row: ItemRow, change: Changing): Planned[] {
  try {
    return [{ row, change: change(row) }];
  } catch (error) {
    if (error instanceof ConflictError) return [];
    throw error;
  }
}
