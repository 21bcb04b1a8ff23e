import { and, asc, eq, gt, ne } from "drizzle-orm";
import type { Context } from "../../context.ts";
import { item } from "../../db/schema.ts";
import { NotAllowedError } from "../../errors.ts";
import { isProductionCritical, matcherOf, type SilenceRule } from "../../triage/silence.ts";
import { inReach, subjectColumns } from "./silence-subject.ts";

/** A silence that would hide what only an administrator may hide. */
export class OverCriticalError extends NotAllowedError {}

const pageRows = 1_000;

/**
 * Production critical is never hidden without an administrator.
 * @throws OverCriticalError that names a group the silence would hide
 */
export async function requireNoCritical(ctx: Context, rule: SilenceRule): Promise<void> {
  if (rule.overCritical) return;
  const matches = matcherOf(rule);
  let after: string | null = null;
  for (;;) {
    const rows: Awaited<ReturnType<typeof readCritical>> = await readCritical(ctx, rule, after);
    const found = rows.find((row) => isProductionCritical(row, ctx.policy()) && matches(row));
    if (found !== undefined) {
      throw new OverCriticalError(
        `it would hide "${found.title}", which is critical in ${found.environment}; only an administrator may do that`,
      );
    }
    after = rows.at(-1)?.id ?? null;
    if (rows.length < pageRows || after === null) return;
  }
}

function readCritical({ db }: Context, rule: SilenceRule, after: string | null) {
  return db
    .select(subjectColumns)
    .from(item)
    .where(
      and(
        eq(item.kind, "group"),
        eq(item.severity, "critical"),
        ne(item.status, "resolved"),
        inReach(rule),
        after === null ? undefined : gt(item.id, after),
      ),
    )
    .orderBy(asc(item.id))
    .limit(pageRows);
}
