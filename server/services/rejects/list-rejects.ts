import { and, desc, eq, lt } from "drizzle-orm";
import type { Page } from "../../../shared/queue.ts";
import type { Reject, RejectsQuery } from "../../../shared/senders.ts";
import { type Context, requireScope } from "../../context.ts";
import { reject } from "../../db/intake-tables.ts";
import { sentWithin } from "../senders/sent-within.ts";

/** The last rejects of each sender and format, newest first; `cursor` is the id the last page ended with. */
export async function listRejects(ctx: Context, query: RejectsQuery): Promise<Page<Reject>> {
  requireScope(ctx, "reports:read");
  const { actor, format, code, limit, cursor } = query;
  const rows = await ctx.db
    .select()
    .from(reject)
    .where(
      and(
        sentWithin(ctx.actor, reject),
        actor === undefined ? undefined : eq(reject.actorId, actor),
        format === undefined ? undefined : eq(reject.format, format),
        code === undefined ? undefined : eq(reject.code, code),
        cursor === undefined ? undefined : lt(reject.id, cursor),
      ),
    )
    .orderBy(desc(reject.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(rejectOf);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function rejectOf(row: typeof reject.$inferSelect): Reject {
  const { id, format, code, message, place, size, requestId } = row;
  return {
    id,
    actor: { id: row.actorId, name: row.actorName },
    format,
    at: row.at.toISOString(),
    code,
    message,
    place,
    payload: row.payload.toString("utf8"),
    size,
    cut: row.isCut,
    requestId,
  };
}
