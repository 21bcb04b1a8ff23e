import { and, desc, gte, ne, or } from "drizzle-orm";
import type { Silence } from "../../../shared/silence.ts";
import { type Context, requireScope } from "../../context.ts";
import { silence } from "../../db/silence-tables.ts";
import { countHidden } from "./show-silence.ts";
import { silenceOf } from "./silence-row.ts";
import { seenBy } from "./silence-scope.ts";

/** As long as Alertmanager keeps silences that have ended. */
const keptMs = 120 * 3_600_000;
const most = 10_000;

/** All that have not ended, and those that ended in the last five days, newest first. */
export async function currentSilences(ctx: Context): Promise<Silence[]> {
  requireScope(ctx, "queue:read");
  const since = new Date(ctx.clock() - keptMs);
  const rows = await ctx.db
    .select()
    .from(silence)
    .where(and(seenBy(ctx.actor), or(ne(silence.phase, "ended"), gte(silence.endsAt, since))))
    .orderBy(desc(silence.id))
    .limit(most);
  const hidden = await countHidden(
    ctx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => silenceOf(row, hidden.get(row.id) ?? 0));
}
