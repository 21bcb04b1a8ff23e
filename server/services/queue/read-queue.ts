import { and, asc, type SQL, sql } from "drizzle-orm";
import * as v from "valibot";
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
    .orderBy(asc(item.band), falling(item.score), falling(item.lastSeen), asc(item.id))
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

/** Descending as the index has it; the store takes another place of nulls for another order, also where there are none. */
const falling = (column: typeof item.score | typeof item.lastSeen) => sql`${column} desc nulls last`;

/** A cursor is the sort key of the last item shown. */
const Position = v.tuple([
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
  v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15)),
  v.pipe(v.string(), v.uuid()),
]);
type Position = v.InferOutput<typeof Position>;

function cursorOf({ band, score, lastSeen, id }: ItemRow): string {
  const position: Position = [band, score, lastSeen.getTime(), id];
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function afterCursor(cursor?: string): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [band, score, lastSeen, id] = parseCursor(cursor);
  const seen = new Date(lastSeen);
  return sql`(${item.band} > ${band} or (${item.band} = ${band} and (${item.score} < ${score}
    or (${item.score} = ${score} and (${item.lastSeen} < ${seen}
    or (${item.lastSeen} = ${seen} and ${item.id} > ${id}))))))`;
}

function parseCursor(cursor: string): Position {
  const message = "not a cursor of this list";
  try {
    return v.parse(Position, JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw new InvalidError(`cursor: ${message}`, [{ path: "cursor", message }]);
  }
}
