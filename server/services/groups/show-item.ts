import { and, desc, eq, isNull } from "drizzle-orm";
import type { ItemDetail } from "../../../shared/group.ts";
import type { Context } from "../../context.ts";
import { note } from "../../db/schema.ts";
import { itemOf } from "./item-of.ts";
import { loadItem } from "./load-item.ts";

/** The item with everything a person decides from. */
export async function showItem(ctx: Context, id: string): Promise<ItemDetail> {
  const row = await loadItem(ctx, id);
  const notes = await ctx.db
    .select()
    .from(note)
    .where(and(eq(note.itemId, id), isNull(note.undoneAt)))
    .orderBy(desc(note.id))
    .limit(200);
  return {
    ...itemOf(row),
    description: row.description,
    labels: row.labels,
    links: row.links.filter(({ href }) => /^https?:\/\//i.test(href)),
    allEntities: row.entities,
    environmentBecause: row.environmentBecause,
    nativeSeverity: row.nativeSeverity,
    resolvedBy: row.resolvedBy,
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    verdictReason: row.verdictReason,
    notes: notes.map(({ id: noteId, author, text, at }) => ({
      id: noteId,
      author,
      text,
      at: at.toISOString(),
    })),
  };
}
