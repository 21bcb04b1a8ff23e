import { desc, eq, lt } from "drizzle-orm";
import * as v from "valibot";
import { Policy, type PolicyAnswer, type PolicyVersion } from "../../../shared/policy.ts";
import type { Page } from "../../../shared/queue.ts";
import { type Context, requireScope } from "../../context.ts";
import { policyVersion } from "../../db/schema.ts";
import { NotFoundError } from "../../errors.ts";

/** The newest version; version 0 is what holds while none was saved. */
export async function showPolicy(ctx: Context): Promise<PolicyAnswer> {
  requireScope(ctx, "policy:manage");
  const [row] = await ctx.db.select().from(policyVersion).orderBy(desc(policyVersion.version)).limit(1);
  return row === undefined ? shipped(ctx) : answerOf(row);
}

/** @throws NotFoundError */
export async function showPolicyVersion(ctx: Context, version: number): Promise<PolicyAnswer> {
  requireScope(ctx, "policy:manage");
  const [row] = await ctx.db.select().from(policyVersion).where(eq(policyVersion.version, version));
  if (row === undefined) throw new NotFoundError("this version of the policy");
  return answerOf(row);
}

/** Newest first; `cursor` is the version that the last page ended with. */
export async function listPolicyVersions(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: number | undefined },
): Promise<Page<PolicyVersion>> {
  requireScope(ctx, "policy:manage");
  const { version, author, at } = policyVersion;
  const rows = await ctx.db
    .select({ version, author, at })
    .from(policyVersion)
    .where(cursor === undefined ? undefined : lt(version, cursor))
    .orderBy(desc(version))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }));
  return { items, next: rows.length > limit ? String(items.at(-1)?.version) : null };
}

function shipped(ctx: Context): PolicyAnswer {
  return { version: 0, author: null, at: null, document: ctx.policy() };
}

function answerOf({ version, author, at, document }: typeof policyVersion.$inferSelect): PolicyAnswer {
  return { version, author, at: at.toISOString(), document: v.parse(Policy, document) };
}
