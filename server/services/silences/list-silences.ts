import { and, desc, inArray, lt } from "drizzle-orm";
import type { Page } from "../../../shared/queue.ts";
import type { Silence, SilencesQuery } from "../../../shared/silence.ts";
import { type Context, requireScope } from "../../context.ts";
import { type SilencePhase, silence } from "../../db/silence-tables.ts";
import { countHidden } from "./show-silence.ts";
import { silenceOf, statesOf } from "./silence-row.ts";
import { seenBy } from "./silence-scope.ts";

const phases = ["pending", "hiding", "active", "showing", "ended"] as const satisfies SilencePhase[];

/** Newest first; ended ones too unless `state` says otherwise. `cursor` is the id the last page ended with. */
export async function listSilences(
  ctx: Context,
  { state, limit, cursor }: SilencesQuery,
): Promise<Page<Silence>> {
  requireScope(ctx, "queue:read");
  const wanted = phases.filter((phase) => state?.includes(statesOf[phase]) ?? true);
  const rows = await ctx.db
    .select()
    .from(silence)
    .where(
      and(
        seenBy(ctx.actor),
        inArray(silence.phase, wanted),
        cursor === undefined ? undefined : lt(silence.id, cursor),
      ),
    )
    .orderBy(desc(silence.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const hidden = await countHidden(
    ctx,
    shown.map(({ id }) => id),
  );
  return {
    items: shown.map((row) => silenceOf(row, hidden.get(row.id) ?? 0)),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}
