import { and, asc, eq, gte } from "drizzle-orm";
import type { StoredAlert } from "../../../shared/group.ts";
import { chunkOfAlert } from "../../../shared/uuid.ts";
import { type Context, requireScope } from "../../context.ts";
import type { Store } from "../../db/client.ts";
import { alertIndex, alertLog } from "../../db/schema.ts";
import { NotFoundError } from "../../errors.ts";
import type { PlaceReading } from "../../intake/entry.ts";
import { loadItem } from "../groups/load-item.ts";
import { unpackIndex } from "../triage/alert-index.ts";
import { readAlert, storedAlert } from "./read-alerts.ts";

/** @throws NotFoundError when it is not there, not triaged yet, or its group is not in scope */
export async function showAlert(ctx: Context, store: Store, id: string): Promise<StoredAlert> {
  const { group, reading } = await findAlert(ctx, store, id);
  return { ...storedAlert(id, reading), group };
}

/** The bytes as they were received. */
export async function showOriginal(ctx: Context, store: Store, id: string): Promise<Buffer> {
  return (await findAlert(ctx, store, id)).reading.original;
}

async function findAlert(
  ctx: Context,
  store: Store,
  id: string,
): Promise<{ group: string; reading: PlaceReading }> {
  requireScope(ctx, "queue:read");
  const group = await groupOfAlert(ctx, id);
  const reading = group === null ? null : await readAlert(store, id);
  if (group === null || reading === null) throw new NotFoundError("the alert");
  await loadItem(ctx, group);
  return { group, reading };
}

/** The group an alert went to; null while it is not triaged, and for what is no alert. */
export async function groupOfAlert(ctx: Context, id: string): Promise<string | null> {
  const { chunk, place } = chunkOfAlert(id);
  const [row] = await ctx.db
    .select({ bytes: alertIndex.bytes })
    .from(alertLog)
    .innerJoin(alertIndex, gte(alertIndex.seqTo, alertLog.seq))
    .where(and(eq(alertLog.id, chunk)))
    .orderBy(asc(alertIndex.seqTo))
    .limit(1);
  if (row === undefined) return null;
  const { groups, chunks } = await unpackIndex(row.bytes);
  const position = chunks.find((one) => one.id === chunk)?.places[place] ?? -1;
  return groups[position] ?? null;
}
