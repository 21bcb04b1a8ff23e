import { and, asc, desc, type SQL, sql } from "drizzle-orm";
import type { QueueAnswer, QueueQuery } from "../../../shared/queue.ts";
import { type Context, requireScope } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { InvalidError } from "../../errors.ts";
import { type ItemRow, itemOf } from "../groups/item-of.ts";
import { countQueue } from "./count-queue.ts";
import { baseFilter, listFilter } from "./queue-filter.ts";
import { readChange } from "./read-change.ts";

/** The ranked queue: band, score descending, last seen descending, id. */
export async function readQueue(ctx: Context, query: QueueQuery): Promise<QueueAnswer> {
  requireScope(ctx, "queue:read");
  // Read first: what commits in between moves the version of the next answer, never hides in this one's.
  const version = await readChange(ctx);
  const base = baseFilter(ctx.actor, query);
  const rows = await ctx.db
    .select()
    .from(item)
    .where(and(base, listFilter(query), afterCursor(query.cursor)))
    .orderBy(asc(item.band), desc(item.score), desc(item.lastSeen), asc(item.id))
    .limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(itemOf),
    next: last === undefined ? null : cursorOf(last),
    counts: await countQueue(ctx.db, base),
    version,
  };
}

function cursorOf({ band, score, lastSeen, id }: ItemRow): string {
  return Buffer.from(JSON.stringify([band, score, lastSeen.getTime(), id])).toString("base64url");
}

function afterCursor(cursor?: string): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [band, score, lastSeen, id] = parseCursor(cursor);
  const seen = new Date(lastSeen);
  return sql`(${item.band} > ${band} or (${item.band} = ${band} and (${item.score} < ${score}
    or (${item.score} = ${score} and (${item.lastSeen} < ${seen}
    or (${item.lastSeen} = ${seen} and ${item.id} > ${id}))))))`;
}

function parseCursor(cursor: string): [number, number, number, string] {
  try {
    const [band, score, lastSeen, id] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    const numbers = [band, score, lastSeen].every((part) => Number.isSafeInteger(part));
    if (numbers && typeof id === "string" && /^[0-9a-f-]{36}$/.test(id)) return [band, score, lastSeen, id];
  } catch {
    // Falls through to the one refusal.
  }
  throw new InvalidError("cursor: not a cursor of this list");
}
