import { eq } from "drizzle-orm";
import type { StoredAlert } from "../../../shared/group.ts";
import type { Page } from "../../../shared/queue.ts";
import { alertUuid } from "../../../shared/uuid.ts";
import type { Context } from "../../context.ts";
import type { Store } from "../../db/client.ts";
import { alertIndex } from "../../db/schema.ts";
import { InvalidError } from "../../errors.ts";
import { loadItem } from "../groups/load-item.ts";
import type { PageQuery } from "../groups/show-timeline.ts";
import { unpackIndex } from "../triage/alert-index.ts";
import { readAlerts } from "./read-alerts.ts";

/** Where a page goes on: a stretch of the log, and how many of its alerts were shown. */
interface Position {
  index: string;
  skip: number;
}

/**
 * The original alerts of a group, newest first: from the newest stretch of the log that holds it, each naming the
 * one before. A page opens as many chunks as it shows alerts at the most.
 */
export async function alertsOfGroup(
  ctx: Context,
  store: Store,
  id: string,
  { limit, cursor }: PageQuery,
): Promise<Page<StoredAlert>> {
  const { lastIndex } = await loadItem(ctx, id);
  const wanted: string[] = [];
  let at = cursor === undefined ? startOf(lastIndex) : parsePosition(cursor);
  while (at !== null && wanted.length < limit) {
    const stretch = await readStretch(ctx, id, at.index);
    if (stretch === null) {
      at = null;
      break;
    }
    const rest = stretch.alerts.slice(at.skip, at.skip + limit - wanted.length);
    wanted.push(...rest);
    const skip: number = at.skip + rest.length;
    at = skip < stretch.alerts.length ? { index: at.index, skip } : startOf(stretch.previous);
  }
  const items = await readAlerts(store, wanted);
  return { items: items.map((alert) => ({ ...alert, group: id })), next: at && `${at.index}.${at.skip}` };
}

/** Ids of the group's alerts in one stretch, newest first; null when retention removed it. */
async function readStretch(ctx: Context, group: string, index: string) {
  const [row] = await ctx.db.select().from(alertIndex).where(eq(alertIndex.id, index));
  if (row === undefined) return null;
  const { groups, previous, chunks } = await unpackIndex(row.bytes);
  const position = groups.indexOf(group);
  const alerts = chunks.flatMap(({ id, places }) =>
    places.flatMap((at, place) => (at === position ? [alertUuid(id, place)] : [])),
  );
  return { alerts: alerts.reverse(), previous: previous[position] ?? null };
}

function startOf(index: string | null): Position | null {
  return index === null ? null : { index, skip: 0 };
}

function parsePosition(cursor: string): Position {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})$/.exec(cursor);
  const message = "not a cursor of this list";
  if (match === null) throw new InvalidError(`cursor: ${message}`, [{ path: "cursor", message }]);
  return { index: match[1] ?? "", skip: Number(match[2]) };
}
