import { and, desc, eq, lt } from "drizzle-orm";
import { undoWindowMs } from "../../../shared/actions.ts";
import type { TimelineEntry } from "../../../shared/group.ts";
import type { Page } from "../../../shared/queue.ts";
import type { Context } from "../../context.ts";
import { action, audit, itemEvent } from "../../db/schema.ts";
import { loadItem } from "./load-item.ts";

export interface PageQuery {
  limit: number;
  /** Id of the last entry of the page before. */
  cursor?: string | undefined;
}

/** What triage and people did to an item, newest first. */
export async function showTimeline(
  ctx: Context,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<TimelineEntry>> {
  await loadItem(ctx, id);
  const events = await ctx.db
    .select()
    .from(itemEvent)
    .where(and(eq(itemEvent.itemId, id), cursor === undefined ? undefined : lt(itemEvent.id, cursor)))
    .orderBy(desc(itemEvent.id))
    .limit(limit + 1);
  const acts = await ctx.db
    .select({ entry: audit, act: action })
    .from(audit)
    .leftJoin(action, eq(action.id, audit.actionId))
    .where(and(eq(audit.itemId, id), cursor === undefined ? undefined : lt(audit.id, cursor)))
    .orderBy(desc(audit.id))
    .limit(limit + 1);
  const entries = [...events.map(eventEntry), ...acts.map((act) => actEntry(ctx, act))].sort((a, b) =>
    a.id < b.id ? 1 : -1,
  );
  const items = entries.slice(0, limit);
  return { items, next: entries.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function eventEntry({ id, at, event, because }: typeof itemEvent.$inferSelect): TimelineEntry {
  return { id, at: at.toISOString(), actor: "quietwatch", event, because, actionId: null, undone: false };
}

interface Act {
  entry: typeof audit.$inferSelect;
  act: typeof action.$inferSelect | null;
}

function actEntry({ actor, clock }: Context, { entry, act }: Act): TimelineEntry {
  const isOwn = act?.actorId === actor.id && entry.verb !== "undo";
  const undone = entry.verb !== "undo" && act !== null && act.undoneAt !== null;
  const isFresh = clock() - entry.at.getTime() <= undoWindowMs;
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    actor: entry.actorName,
    event: entry.verb,
    because: sentenceOf(entry.details),
    actionId: isOwn && isFresh && !undone ? entry.actionId : null,
    undone,
  };
}

/** What a person added to the verb: the note first, then whatever else the action said. */
function sentenceOf({ note, ...details }: Record<string, unknown>): string {
  const rest = Object.entries(details)
    .filter(([name, value]) => name !== "undoes" && value !== null)
    .map(([name, value]) => `${name} ${String(value).replaceAll("_", " ")}`)
    .join(", ");
  return [note, rest].filter((part) => typeof part === "string" && part !== "").join(" · ");
}
