import {
  and,
  count,
  countDistinct,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  type SQL,
  sql,
  sum,
} from "drizzle-orm";
import type { ActionName } from "../../../shared/actions.ts";
import type { FunnelReport, ReportQuery } from "../../../shared/report.ts";
import { type Context, requireScope } from "../../context.ts";
import { action, actionItem, item, tally } from "../../db/schema.ts";
import { inScope } from "../scope.ts";
import { tallyInScope } from "./tally-in-scope.ts";

const defaultRangeMs = 30 * 86_400_000;
const hourMs = 3_600_000;
/** Deciding something about a group; handing it on is not. */
const decisions = ["acknowledge", "resolve", "snooze", "annotate"] as const satisfies ActionName[];

/** Where alerts went between two times: received, grouped, shown, acted on, real. */
export async function reportFunnel(ctx: Context, query: ReportQuery): Promise<FunnelReport> {
  requireScope(ctx, "reports:read");
  const to = query.to === undefined ? new Date(ctx.clock()) : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - defaultRangeMs) : new Date(query.from);
  const firstHour = new Date(Math.floor(from.getTime() / hourMs) * hourMs);
  const items = and(
    inScope(ctx.actor),
    eq(item.kind, "group"),
    query.environment === undefined ? undefined : eq(item.environment, query.environment),
    query.service === undefined ? undefined : eq(item.service, query.service),
  );
  const [sums] = await ctx.db
    .select({ received: sum(tally.received).mapWith(Number), shown: sum(tally.shown).mapWith(Number) })
    .from(tally)
    .where(and(gte(tally.hour, firstHour), lte(tally.hour, to), tallyInScope(ctx.actor, query)));
  const [groups] = await ctx.db
    .select({
      groups: count(),
      real: sql<number>`count(*) filter (where ${item.verdict} = 'true_positive' and ${item.resolvedAt} between ${from} and ${to})`.mapWith(
        Number,
      ),
    })
    .from(item)
    .where(and(items, gte(item.lastSeen, from), lte(item.firstSeen, to)));
  const [hidden] = await ctx.db
    .select({ hidden: count() })
    .from(item)
    .where(and(items, isNotNull(item.hiddenBy), eq(item.status, "open")));
  const [acted] = await ctx.db
    .select({ acted: countDistinct(actionItem.itemId) })
    .from(action)
    .innerJoin(actionItem, eq(actionItem.actionId, action.id))
    .innerJoin(item, eq(item.id, actionItem.itemId))
    .where(and(items, ofDecisions(from, to)));
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    received: sums?.received ?? 0,
    groups: groups?.groups ?? 0,
    shown: sums?.shown ?? 0,
    acted: acted?.acted ?? 0,
    real: groups?.real ?? 0,
    hidden: hidden?.hidden ?? 0,
  };
}

function ofDecisions(from: Date, to: Date): SQL | undefined {
  const inTime = and(gte(action.at, from), lte(action.at, to));
  return and(inArray(action.verb, [...decisions]), inTime, isNull(action.undoneAt));
}
