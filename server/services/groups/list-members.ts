import { and, asc, eq, gt, or } from "drizzle-orm";
import type { Item } from "../../../shared/group.ts";
import type { Page } from "../../../shared/queue.ts";
import type { Context } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { inScope } from "../scope.ts";
import { itemOf } from "./item-of.ts";
import { loadItem } from "./load-item.ts";
import type { PageQuery } from "./show-timeline.ts";

/** The groups that a roll-up or an incident stands for, oldest first; a group has none. */
export async function listMembers(
  ctx: Context,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<Item>> {
  await loadItem(ctx, id);
  const rows = await ctx.db
    .select()
    .from(item)
    .where(
      and(
        or(eq(item.rollupId, id), eq(item.incidentId, id)),
        inScope(ctx.actor),
        cursor === undefined ? undefined : gt(item.id, cursor),
      ),
    )
    .orderBy(asc(item.id))
    .limit(limit + 1);
  const members = rows.slice(0, limit);
  return { items: members.map(itemOf), next: rows.length > limit ? (members.at(-1)?.id ?? null) : null };
}
