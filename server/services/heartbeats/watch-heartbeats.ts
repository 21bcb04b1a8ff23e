import { and, eq, gt, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { AlertInput } from "../../../shared/alert.ts";
import { silentIntervals } from "../../../shared/heartbeat.ts";
import { systemActor } from "../../auth/actors.ts";
import { requestContext } from "../../auth/request-context.ts";
import type { Deps } from "../../context.ts";
import { heartbeat } from "../../db/sender-tables.ts";
import { acceptAlerts } from "../alerts/accept-alerts.ts";
import type { HeartbeatRow } from "./heartbeat-of.ts";

type WatchParts = Pick<Deps, "store" | "clock" | "hub" | "policy" | "intake">;

const most = 500;

/**
 * Raises an alert for each detector whose interval passed three times, and ends it when it is heard of again. `since`
 * is when this server began to listen, in epoch milliseconds: what nobody could hear is no silence.
 */
export async function watchHeartbeats(parts: WatchParts, since: number): Promise<void> {
  const now = parts.clock();
  const silence = sql`${silentIntervals} * ${heartbeat.intervalMs} * interval '1 millisecond'`;
  const heardAt = sql`greatest(${heartbeat.lastSeen}, ${new Date(since)}::timestamptz)`;
  const fellSilent = lte(sql`${heardAt} + ${silence}`, sql`${new Date(now)}::timestamptz`);
  for (const row of await read(parts, and(isNull(heartbeat.silentSince), fellSilent))) {
    await report(parts, row, { status: "firing", said: row.lastSeen });
    await note(parts, row, row.lastSeen);
  }
  const isBack = gt(heartbeat.lastSeen, heartbeat.silentSince);
  for (const row of await read(parts, and(isNotNull(heartbeat.silentSince), isBack))) {
    await report(parts, row, { status: "resolved", said: row.silentSince ?? row.lastSeen });
    await note(parts, row, null);
  }
}

function read({ store }: WatchParts, which: SQL | undefined): Promise<HeartbeatRow[]> {
  return store.db.select().from(heartbeat).where(which).orderBy(heartbeat.detector).limit(most);
}

/** By the state that was read, so that of two nodes one wins. */
async function note({ store }: WatchParts, row: HeartbeatRow, silentSince: Date | null): Promise<void> {
  const asRead =
    row.silentSince === null ? isNull(heartbeat.silentSince) : eq(heartbeat.silentSince, row.silentSince);
  await store.db
    .update(heartbeat)
    .set({ silentSince })
    .where(and(eq(heartbeat.detector, row.detector), asRead));
}

/** Through the intake like any other alert, once however often it is tried and by whichever node. */
async function report(
  parts: WatchParts,
  row: HeartbeatRow,
  { status, said }: { status: "firing" | "resolved"; said: Date },
): Promise<void> {
  const key = JSON.stringify([row.detector, status, said]);
  const ctx = requestContext(parts, systemActor, "watch-heartbeats");
  const idempotency = { key, route: "watch-heartbeats", bodyHash: "" };
  await acceptAlerts({ ...ctx, idempotency }, parts.intake, {
    format: "alert",
    body: Buffer.from(JSON.stringify(silenceAlert(row, status))),
    contentType: "application/json",
    contentEncoding: null,
    wait: null,
  });
}

function silenceAlert(row: HeartbeatRow, status: "firing" | "resolved"): AlertInput {
  const { detector, environment, service, lastSeen, intervalMs } = row;
  return {
    source: "quietwatch",
    rule: "detector silent",
    title: `${detector} ${status === "firing" ? "fell silent" : "is heard of again"}`,
    severity: "medium",
    status,
    ...(environment !== null && { environment }),
    ...(service !== null && { service }),
    dedupKey: `detector silent ${detector}`,
    entities: [{ type: "process", value: detector, role: "target" }],
    labels: { detector },
    description: `Last heard of at ${lastSeen.toISOString()}; a sign of life is expected every ${intervalMs / 1_000} s.`,
  };
}
