import { and, eq, inArray, type SQL } from "drizzle-orm";
import type { ReportQuery } from "../../../shared/report.ts";
import type { Actor } from "../../context.ts";
import { tally } from "../../db/schema.ts";

/** What of the hourly sums an actor reaches, and asked for. */
export function tallyInScope(
  { environments, services }: Actor,
  { environment, service }: Pick<ReportQuery, "environment" | "service">,
): SQL | undefined {
  return and(
    environments === null ? undefined : inArray(tally.environment, [...environments]),
    services === null ? undefined : inArray(tally.service, [...services]),
    environment === undefined ? undefined : eq(tally.environment, environment),
    service === undefined ? undefined : eq(tally.service, service),
  );
}
