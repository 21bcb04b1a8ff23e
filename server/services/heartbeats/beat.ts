import { sql } from "drizzle-orm";
import { defaultIntervalMs, type Heartbeat } from "../../../shared/heartbeat.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { type Context, requireScope } from "../../context.ts";
import { heartbeat } from "../../db/sender-tables.ts";
import { heartbeatOf } from "./heartbeat-of.ts";

export interface Beat {
  detector: string;
  /** What it does not say stays as it was. */
  intervalMs?: number | undefined;
  environment?: string | undefined;
  service?: string | undefined;
  tags?: string[] | undefined;
}

/** Notes that a detector lives. */
export async function beat(ctx: Context, said: Beat): Promise<Heartbeat> {
  requireScope(ctx, "alerts:write");
  const now = new Date(ctx.clock());
  const [row] = await ctx.db
    .insert(heartbeat)
    .values({
      detector: said.detector,
      id: uuidv7(now.getTime()),
      intervalMs: said.intervalMs ?? defaultIntervalMs,
      environment: said.environment ?? null,
      service: said.service ?? null,
      tags: said.tags ?? [],
      sentBy: ctx.actor.name,
      firstSeen: now,
      lastSeen: now,
    })
    .onConflictDoUpdate({
      target: heartbeat.detector,
      set: {
        // Two nodes may have clocks that differ: the newest sign of life counts.
        lastSeen: sql`greatest(${heartbeat.lastSeen}, excluded.last_seen)`,
        sentBy: ctx.actor.name,
        ...(said.intervalMs !== undefined && { intervalMs: said.intervalMs }),
        ...(said.environment !== undefined && { environment: said.environment }),
        ...(said.service !== undefined && { service: said.service }),
        ...(said.tags !== undefined && { tags: said.tags }),
      },
    })
    .returning();
  if (row === undefined) throw new Error("a heartbeat was neither made nor renewed");
  return heartbeatOf(row, now.getTime());
}
