import { and, inArray, type SQL } from "drizzle-orm";
import { item } from "../../db/schema.ts";
import type { SilenceRule } from "../../triage/silence.ts";

/** What of a group a silence is held against. */
export const subjectColumns = {
  id: item.id,
  source: item.source,
  rule: item.rule,
  environment: item.environment,
  service: item.service,
  severity: item.severity,
  title: item.title,
  labels: item.labels,
} as const;

/** Groups that a silence may hide at all, before its matchers are asked. */
export function inReach({
  environments,
  services,
}: Pick<SilenceRule, "environments" | "services">): SQL | undefined {
  return and(
    environments === null ? undefined : inArray(item.environment, [...environments]),
    services === null ? undefined : inArray(item.service, [...services]),
  );
}
