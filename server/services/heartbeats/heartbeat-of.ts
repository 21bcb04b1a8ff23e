import type { Heartbeat } from "../../../shared/heartbeat.ts";
import type { heartbeat } from "../../db/sender-tables.ts";

export type HeartbeatRow = typeof heartbeat.$inferSelect;

/** A stored heartbeat as clients see it at `now`. */
export function heartbeatOf(row: HeartbeatRow, now: number): Heartbeat {
  return {
    id: row.id,
    detector: row.detector,
    environment: row.environment,
    service: row.service,
    tags: row.tags,
    intervalSeconds: row.intervalMs / 1_000,
    firstSeen: row.firstSeen.toISOString(),
    lastSeen: row.lastSeen.toISOString(),
    late: now - row.lastSeen.getTime() > row.intervalMs,
    silentSince: row.silentSince?.toISOString() ?? null,
    sentBy: row.sentBy,
  };
}
