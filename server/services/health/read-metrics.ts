import { count, sum } from "drizzle-orm";
import type { Context } from "../../context.ts";
import { clock, item, tally } from "../../db/schema.ts";

/** Figures of the whole store, by metric name. */
export async function readMetrics({ db }: Pick<Context, "db">): Promise<Record<string, number>> {
  const clocks = await db.select().from(clock);
  const [alerts] = await db.select({ total: sum(tally.received).mapWith(Number) }).from(tally);
  const [groups] = await db.select({ total: count() }).from(item);
  const seqOf = (name: string) => clocks.find((one) => one.name === name)?.seq ?? 0;
  return {
    quietwatch_log_sequence: seqOf("log"),
    quietwatch_triage_sequence: seqOf("triage"),
    quietwatch_alerts_total: alerts?.total ?? 0,
    quietwatch_groups: groups?.total ?? 0,
  };
}
