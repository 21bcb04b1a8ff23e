import { eq } from "drizzle-orm";
import type { SilenceMatcher } from "../../../shared/silence.ts";
import { type Context, requireScope } from "../../context.ts";
import { silence } from "../../db/silence-tables.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { withTransaction } from "../with-transaction.ts";
import { endSilence } from "./expire-silence.ts";
import { insertSilence, ruleOf } from "./insert-silence.ts";
import { noteChange } from "./move-silences.ts";
import { requireNoCritical } from "./require-no-critical.ts";
import { checkedDraft, type SilenceDraft } from "./silence-draft.ts";
import { type SilenceRow, statesOf } from "./silence-row.ts";
import { lockSilence, requireReachOver } from "./silence-scope.ts";
import { sweepNow } from "./sweep-silences.ts";

/**
 * Changes a silence. Where only its times move it stays the same one; whatever else is different, and what has
 * ended, makes a new one and ends the old.
 * @returns the id that it has from now on
 */
export async function editSilence(ctx: Context, id: string, draft: SilenceDraft): Promise<string> {
  requireScope(ctx, "queue:act");
  const kept = await withTransaction(ctx, async (inner) => {
    const row = await lockSilence(inner, id);
    requireReachOver(ctx.actor, row);
    const dialect = isEqualSet(row.matchers, draft.matchers) ? row.dialect : draft.dialect;
    const rule = ruleOf(inner, checkedDraft({ ...draft, dialect }, ctx.clock()), row);
    await requireNoCritical(inner, rule);
    if (isSame(row, rule, draft.startsAt)) {
      await moveTimes(inner, row, rule);
      return { id };
    }
    await endSilence(inner, row);
    await insertSilence(inner, rule, { replaces: id });
    return { id: rule.id };
  });
  await sweepNow(ctx);
  return kept.id;
}

type Rule = ReturnType<typeof ruleOf>;

function isSame(row: SilenceRow, rule: Rule, startsAt: Date): boolean {
  const state = statesOf[row.phase];
  if (state === "ended" || row.reason !== rule.reason || row.overCritical !== rule.overCritical) return false;
  if (!isEqualSet(row.matchers, rule.matchers)) return false;
  // Clients may cut fractions of a second off.
  const isSameStart = Math.trunc(row.startsAt.getTime() / 1_000) === Math.trunc(startsAt.getTime() / 1_000);
  return isSameStart || state === "pending";
}

function isEqualSet(one: readonly SilenceMatcher[], other: readonly SilenceMatcher[]): boolean {
  return textOf(one) === textOf(other);
}

/** The same in whatever order they and their fields stand. */
function textOf(matchers: readonly SilenceMatcher[]): string {
  const texts = matchers.map(({ name, value, isRegex, isEqual }) =>
    JSON.stringify([name, value, isRegex, isEqual]),
  );
  return texts.sort().join();
}

async function moveTimes(ctx: Context, row: SilenceRow, rule: Rule): Promise<void> {
  const { id, phase } = row;
  const now = new Date(ctx.clock());
  const { endsAt, createdBy } = rule;
  const startsAt = phase === "pending" ? rule.startsAt : row.startsAt;
  const isStarting = phase === "pending" && startsAt <= now;
  await ctx.db
    .update(silence)
    .set({ startsAt, endsAt, createdBy, updatedAt: now, phase: isStarting ? "hiding" : phase })
    .where(eq(silence.id, id));
  await writeAudit(ctx, { verb: "silence.edit", details: { silence: id, startsAt, endsAt, createdBy } });
  if (isStarting) await noteChange(ctx.db);
}
