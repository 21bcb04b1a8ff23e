import { and, asc, eq, gt, gte, inArray, lt, lte } from "drizzle-orm";
import type { StoredAlert } from "../../../shared/group.ts";
import { alertUuid, timeOfUuid } from "../../../shared/uuid.ts";
import { type Context, requireScope } from "../../context.ts";
import type { Store } from "../../db/client.ts";
import { alertIndex, clock, item } from "../../db/schema.ts";
import type { PlacedEntry } from "../../intake/chunk.ts";
import { readChunks } from "../../intake/log.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { inScope } from "../scope.ts";
import { type IndexPayload, unpackIndex } from "../triage/alert-index.ts";
import { type EntryAlert, entryAlerts } from "./entry-alerts.ts";

/** Received from `from` (inclusive) to `to` (exclusive), epoch milliseconds. */
export interface ExportRange {
  from: number;
  to: number;
}

/**
 * The original alerts that were triaged when it began, oldest first, a line each as `GET /alerts/{id}` gives them.
 * It holds one chunk of the log at a time and no transaction; whatever retention removes meanwhile is missing.
 */
export async function exportAlerts(
  ctx: Context,
  store: Store,
  range: ExportRange,
): Promise<AsyncGenerator<string>> {
  requireScope(ctx, "data:export");
  const details = { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  await writeAudit(ctx, { verb: "data.export-alerts", details });
  const [watermark] = await ctx.db.select().from(clock).where(eq(clock.name, "triage"));
  return alertLines(ctx, store, range, watermark?.seq ?? 0);
}

async function* alertLines(
  ctx: Context,
  store: Store,
  range: ExportRange,
  until: number,
): AsyncGenerator<string> {
  let after = 0;
  for (;;) {
    const [stretch] = await ctx.db
      .select({ seqTo: alertIndex.seqTo, bytes: alertIndex.bytes })
      .from(alertIndex)
      .where(
        and(
          gt(alertIndex.seqTo, after),
          lte(alertIndex.seqTo, until),
          gte(alertIndex.receivedTo, new Date(range.from)),
          lt(alertIndex.receivedFrom, new Date(range.to)),
        ),
      )
      .orderBy(asc(alertIndex.seqTo))
      .limit(1);
    if (stretch === undefined) return;
    yield* stretchLines(ctx, store, range, await unpackIndex(stretch.bytes));
    after = stretch.seqTo;
  }
}

async function* stretchLines(
  ctx: Context,
  store: Store,
  { from, to }: ExportRange,
  { groups, chunks }: IndexPayload,
): AsyncGenerator<string> {
  const visible = await visibleAmong(ctx, groups);
  const shown = groups.map((id) => (visible.has(id) ? id : null));
  for (const { id, places } of chunks) {
    const receivedAt = timeOfUuid(id);
    if (receivedAt < from || receivedAt >= to) continue;
    const groupOf = (place: number) => shown[places[place] ?? -1] ?? null;
    for (const entry of (await readChunks(store.pool, [id])).get(id) ?? [])
      yield entryLines(id, entry, groupOf);
  }
}

function entryLines(chunk: string, entry: PlacedEntry, groupOf: (place: number) => string | null): string {
  const lines: string[] = [];
  for (const found of entryAlerts(entry)) {
    const group = groupOf(found.place);
    if (group !== null) lines.push(`${JSON.stringify(storedAlert(chunk, group, found))}\n`);
  }
  return lines.join("");
}

async function visibleAmong(ctx: Context, groups: string[]): Promise<ReadonlySet<string>> {
  const rows = await ctx.db
    .select({ id: item.id })
    .from(item)
    .where(and(inArray(item.id, groups), inScope(ctx.actor)));
  return new Set(rows.map(({ id }) => id));
}

function storedAlert(
  chunk: string,
  group: string,
  { place, alert, original, format }: EntryAlert,
): StoredAlert {
  const { source, rule, title, severity } = alert;
  const id = alertUuid(chunk, place);
  const receivedAt = new Date(timeOfUuid(chunk)).toISOString();
  const occurredAt = alert.occurredAt ?? receivedAt;
  const description = alert.description ?? null;
  return { id, group, receivedAt, occurredAt, format, source, rule, title, severity, description, original };
}
