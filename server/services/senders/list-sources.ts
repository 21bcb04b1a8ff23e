import { and, asc, eq, gt, or, type SQL, sql } from "drizzle-orm";
import type { Page } from "../../../shared/queue.ts";
import type { Source } from "../../../shared/senders.ts";
import { type Context, requireScope } from "../../context.ts";
import type { Queryable } from "../../db/client.ts";
import { sender, senderHour } from "../../db/intake-tables.ts";
import { sentWithin } from "./sent-within.ts";

export interface SourcesPage {
  limit: number;
  /** Where the last page ended. */
  cursor?: { actorId: string; format: string } | undefined;
}

const hourMs = 3_600_000;
/** With the current one. */
const hours = 24;

/** Who sends, in which format, and how much of it was taken in the last 24 hours. */
export async function listSources(ctx: Context, { limit, cursor }: SourcesPage): Promise<Page<Source>> {
  requireScope(ctx, "reports:read");
  const since = new Date((Math.floor(ctx.clock() / hourMs) - hours + 1) * hourMs);
  const sums = sumsSince(ctx.db, since);
  const rows = await ctx.db
    .select()
    .from(sender)
    .leftJoin(sums, and(eq(sums.actorId, sender.actorId), eq(sums.format, sender.format)))
    .where(and(sentWithin(ctx.actor, sender), behind(cursor)))
    .orderBy(asc(sender.actorId), asc(sender.format))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(({ sender: row, sums: counts }) => sourceOf(row, counts));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

function behind(cursor: SourcesPage["cursor"]): SQL | undefined {
  if (cursor === undefined) return undefined;
  const { actorId, format } = cursor;
  return or(gt(sender.actorId, actorId), and(eq(sender.actorId, actorId), gt(sender.format, format)));
}

const total = (column: SQL | (typeof senderHour)["bytes"], name: string) =>
  sql<number>`sum(${column})`.mapWith(Number).as(name);

function sumsSince(db: Queryable, since: Date) {
  return db
    .select({
      actorId: senderHour.actorId,
      format: senderHour.format,
      requests: total(sql`${senderHour.requests}`, "requests"),
      received: total(sql`${senderHour.received}`, "received"),
      accepted: total(sql`${senderHour.accepted}`, "accepted"),
      rejected: total(sql`${senderHour.rejected}`, "rejected"),
      refused: total(sql`${senderHour.refused}`, "refused"),
      bytes: total(sql`${senderHour.bytes}`, "bytes"),
    })
    .from(senderHour)
    .where(gt(senderHour.hour, new Date(since.getTime() - 1)))
    .groupBy(senderHour.actorId, senderHour.format)
    .as("sums");
}

type Counts = Pick<Source, "requests" | "received" | "accepted" | "rejected" | "refused" | "bytes">;
const none: Counts = { requests: 0, received: 0, accepted: 0, rejected: 0, refused: 0, bytes: 0 };

function sourceOf(row: typeof sender.$inferSelect, counts: Counts | null): Source {
  const { requests, received, accepted, rejected, refused, bytes } = counts ?? none;
  const { actorId, actorName, format, lastRejectAt } = row;
  return {
    id: cursorOf(actorId, format),
    actor: { id: actorId, name: actorName },
    format,
    lastReceivedAt: row.lastAt.toISOString(),
    ...{ requests, received, accepted, rejected, refused, bytes },
    lastReject:
      lastRejectAt === null
        ? null
        : {
            at: lastRejectAt.toISOString(),
            code: row.lastRejectCode ?? "",
            message: row.lastRejectMessage ?? "",
          },
  };
}

function cursorOf(actorId: string, format: string): string {
  return Buffer.from(JSON.stringify([actorId, format])).toString("base64url");
}
