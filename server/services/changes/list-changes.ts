import { and, desc, gt, inArray, isNull, lt, or } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Change } from "../../../shared/change.ts";
import type { Page } from "../../../shared/queue.ts";
import { type Context, requireScope } from "../../context.ts";
import { change } from "../../db/sender-tables.ts";
import { changeOf } from "./change-of.ts";

export interface ChangesQuery {
  limit: number;
  /** Id of the change that the last page ended with. */
  cursor?: string | undefined;
  /** Changes that go on at this time or are still to come. */
  since?: string | undefined;
}

/** Announced changes, newest first; those of every environment are seen by everybody. */
export async function listChanges(ctx: Context, query: ChangesQuery): Promise<Page<Change>> {
  requireScope(ctx, "queue:read");
  const { limit, cursor, since } = query;
  const rows = await ctx.db
    .select()
    .from(change)
    .where(
      and(
        reaches(change.environment, ctx.actor.environments),
        reaches(change.service, ctx.actor.services),
        cursor === undefined ? undefined : lt(change.id, cursor),
        since === undefined ? undefined : gt(change.endsAt, new Date(since)),
      ),
    )
    .orderBy(desc(change.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(changeOf);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function reaches(column: AnyPgColumn, reach: readonly string[] | null) {
  return reach === null ? undefined : or(isNull(column), inArray(column, [...reach]));
}
