import type { CreateSilenceInput, Silence } from "../../../shared/silence.ts";
import { type Context, requireScope } from "../../context.ts";
import { withTransaction } from "../with-transaction.ts";
import { insertSilence, reachOf, ruleOf } from "./insert-silence.ts";
import { requireNoCritical } from "./require-no-critical.ts";
import { readSilence } from "./show-silence.ts";
import { checkedDraft, type SilenceDraft } from "./silence-draft.ts";
import { sweepNow } from "./sweep-silences.ts";

/** Our own API: matchers name fields and labels. */
export async function createSilence(ctx: Context, input: CreateSilenceInput): Promise<Silence> {
  const { reason, matchers, startsAt, endsAt } = input;
  const id = await addSilence(ctx, {
    dialect: "own",
    reason,
    matchers,
    createdBy: null,
    startsAt: new Date(startsAt ?? ctx.clock()),
    endsAt: new Date(endsAt),
  });
  return readSilence(ctx, id);
}

/**
 * Hides what matches, in the author's scope, from its start to its end; groups that are there at once.
 * @returns its id
 * @throws InvalidError, OverCriticalError, ConflictError
 */
export async function addSilence(ctx: Context, draft: SilenceDraft): Promise<string> {
  requireScope(ctx, "queue:act");
  const { id } = await withTransaction(ctx, async (inner) => {
    const rule = ruleOf(inner, checkedDraft(draft, ctx.clock()), reachOf(inner));
    await requireNoCritical(inner, rule);
    await insertSilence(inner, rule);
    return { id: rule.id };
  });
  await sweepNow(ctx);
  return id;
}
