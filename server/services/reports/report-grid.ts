import { and, count, eq, inArray, sql } from "drizzle-orm";
import type { GridReport } from "../../../shared/report.ts";
import { type Context, requireScope } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { inScope } from "../scope.ts";

type Row = GridReport["rows"][number];

/** Open groups by environment and severity; the policy's environments first, in its order. */
export async function reportGrid(ctx: Context): Promise<GridReport> {
  requireScope(ctx, "reports:read");
  const hidden = sql<boolean>`${item.hiddenBy} is not null`;
  const found = await ctx.db
    .select({
      environment: item.environment,
      severity: item.severity,
      mapped: sql<boolean>`bool_and(${item.environmentMapped})`,
      hidden,
      count: count(),
    })
    .from(item)
    .where(and(inScope(ctx.actor), eq(item.kind, "group"), inArray(item.status, ["open", "acknowledged"])))
    .groupBy(item.environment, item.severity, hidden);
  const named = ctx.policy().environments.map(({ name }) => name);
  const reached = named.filter((name) => ctx.actor.environments?.includes(name) ?? true);
  const rows = new Map<string, Row>(reached.map((name) => [name, emptyRow(name)]));
  for (const { environment, severity, mapped, hidden: away, count: groups } of found) {
    const row = rows.get(environment) ?? emptyRow(environment);
    rows.set(environment, row);
    row.mapped &&= mapped;
    row[away ? "hidden" : severity] += groups;
  }
  return { rows: [...rows.values()] };
}

function emptyRow(environment: string): Row {
  return { environment, mapped: true, critical: 0, high: 0, medium: 0, low: 0, info: 0, hidden: 0 };
}
