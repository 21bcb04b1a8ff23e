import { asc, gte, inArray } from "drizzle-orm";
import type { IntakeAnswer } from "../../../shared/alert.ts";
import type { Context } from "../../context.ts";
import { alertIndex, item } from "../../db/schema.ts";
import type { Committed } from "../../intake/intake.ts";
import { bandName } from "../groups/item-of.ts";
import { type IndexPayload, unpackIndex } from "../triage/alert-index.ts";

/** Which groups the alerts of a request went to, once they are triaged or the time is up. */
export async function waitForTriage(
  ctx: Context,
  { seq, chunk, base }: Committed,
  places: number,
  ms: number,
): Promise<NonNullable<IntakeAnswer["groups"]>> {
  const payload = await stretchOf(ctx, seq, Date.now() + ms);
  const positions = payload?.chunks.find(({ id }) => id === chunk)?.places.slice(base, base + places) ?? [];
  if (payload === null || positions.length === 0) return [];
  const ids = [...new Set(positions.flatMap((at) => payload.groups[at] ?? []))];
  const rows = await ctx.db.select({ id: item.id, band: item.band }).from(item).where(inArray(item.id, ids));
  const bandOf = new Map(rows.map(({ id, band }) => [id, bandName(band)]));
  const fresh = new Set(payload.created);
  return positions.flatMap((at, index) => {
    const group = payload.groups[at];
    // Of several alerts that begin one group, the first created it.
    const created = fresh.delete(at);
    return group === undefined ? [] : [{ index, group, created, band: bandOf.get(group) ?? "P5" }];
  });
}

async function stretchOf(ctx: Context, seq: number, deadline: number): Promise<IndexPayload | null> {
  for (;;) {
    const [row] = await ctx.db
      .select({ seqFrom: alertIndex.seqFrom, bytes: alertIndex.bytes })
      .from(alertIndex)
      .where(gte(alertIndex.seqTo, seq))
      .orderBy(asc(alertIndex.seqTo))
      .limit(1);
    if (row !== undefined) return unpackIndex(row.bytes);
    const left = deadline - Date.now();
    if (left <= 0) return null;
    await pokedWithin(ctx, left);
  }
}

/** Until something changed that people see, at most `ms` and never for long: a poke may come before the wait. */
export function pokedWithin(ctx: Context, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, 250));
    const stop = ctx.hub.listen(done);
  });
}
