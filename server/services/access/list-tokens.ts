import { and, desc, lt } from "drizzle-orm";
import type { TokenSummary } from "../../../shared/access.ts";
import type { Page } from "../../../shared/queue.ts";
import { requireScope } from "../../context.ts";
import { credential } from "../../db/schema.ts";
import type { AccessContext } from "./access-context.ts";
import { tokensInReachOf } from "./own-tokens.ts";
import { tokenSummary } from "./token-summary.ts";

/** API tokens, newest first, ended ones too; `cursor` is the id the last page ended with. */
export async function listTokens(
  ctx: AccessContext,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<TokenSummary>> {
  requireScope(ctx, "tokens:manage");
  const rows = await ctx.db
    .select()
    .from(credential)
    .where(and(tokensInReachOf(ctx.actor), cursor === undefined ? undefined : lt(credential.id, cursor)))
    .orderBy(desc(credential.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(tokenSummary);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
