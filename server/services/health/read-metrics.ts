import { sql, sum } from "drizzle-orm";
import type { Context } from "../../context.ts";
import { quarantine } from "../../db/quarantine-tables.ts";
import { clock, detector } from "../../db/schema.ts";

/** Figures of the whole store, by metric name; from sums that are kept, so that asking often costs little. */
export async function readMetrics(ctx: Pick<Context, "db" | "clock">): Promise<Record<string, number>> {
  const clocks = await ctx.db.select().from(clock);
  const seqOf = (name: string) => clocks.find((one) => one.name === name)?.seq ?? 0;
  const [total] = await ctx.db
    .select({ alerts: sum(detector.alerts).mapWith(Number), groups: sum(detector.groups).mapWith(Number) })
    .from(detector);
  const [aside] = await ctx.db.select({ alerts: sum(quarantine.alerts).mapWith(Number) }).from(quarantine);
  return {
    quietwatch_log_sequence: seqOf("log"),
    quietwatch_triage_sequence: seqOf("triage"),
    quietwatch_triage_lag_seconds: await lagSeconds(ctx, seqOf("triage")),
    quietwatch_alerts_total: total?.alerts ?? 0,
    quietwatch_groups: total?.groups ?? 0,
    quietwatch_set_aside_alerts: aside?.alerts ?? 0,
  };
}

async function lagSeconds({ db, clock }: Pick<Context, "db" | "clock">, watermark: number): Promise<number> {
  const { rows } = await db.execute(sql`
    select extract(epoch from received_at)::float8 as oldest from alert_log where seq > ${watermark} order by seq limit 1`);
  const [row] = rows;
  return row === undefined ? 0 : Math.max(0, clock() / 1_000 - Number(row.oldest));
}
