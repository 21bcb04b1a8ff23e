import { and, asc, gt, inArray } from "drizzle-orm";
import type { Heartbeat } from "../../../shared/heartbeat.ts";
import type { Page } from "../../../shared/queue.ts";
import { type Context, requireScope } from "../../context.ts";
import { heartbeat } from "../../db/sender-tables.ts";
import { type HeartbeatRow, heartbeatOf } from "./heartbeat-of.ts";

export interface HeartbeatPage {
  limit: number;
  /** The detector that the last page ended with. */
  cursor?: string | undefined;
}

/** Detectors that say that they live, by name. */
export async function listHeartbeats(ctx: Context, page: HeartbeatPage): Promise<Page<Heartbeat>> {
  const rows = await readHeartbeats(ctx, { ...page, limit: page.limit + 1 });
  const items = rows.slice(0, page.limit).map((row) => heartbeatOf(row, ctx.clock()));
  return { items, next: rows.length > page.limit ? (items.at(-1)?.detector ?? null) : null };
}

/** Within the reach of the actor; what names no environment belongs to those who see all of them. */
export async function readHeartbeats(
  ctx: Context,
  { limit, cursor }: HeartbeatPage,
): Promise<HeartbeatRow[]> {
  requireScope(ctx, "queue:read");
  const { environments, services } = ctx.actor;
  return ctx.db
    .select()
    .from(heartbeat)
    .where(
      and(
        environments === null ? undefined : inArray(heartbeat.environment, [...environments]),
        services === null ? undefined : inArray(heartbeat.service, [...services]),
        cursor === undefined ? undefined : gt(heartbeat.detector, cursor),
      ),
    )
    .orderBy(asc(heartbeat.detector))
    .limit(limit);
}
