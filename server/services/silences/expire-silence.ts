import { eq } from "drizzle-orm";
import { type Context, requireScope } from "../../context.ts";
import { silence } from "../../db/silence-tables.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { withTransaction } from "../with-transaction.ts";
import { noteChange } from "./move-silences.ts";
import { type SilenceRow, statesOf } from "./silence-row.ts";
import { lockSilence, requireReachOver } from "./silence-scope.ts";
import { sweepNow } from "./sweep-silences.ts";

/** Ends a silence before its time and shows what it hid; one that has ended stays as it is. */
export async function expireSilence(ctx: Context, id: string): Promise<void> {
  requireScope(ctx, "queue:act");
  await withTransaction(ctx, async (inner) => {
    const row = await lockSilence(inner, id);
    requireReachOver(ctx.actor, row);
    await endSilence(inner, row);
    return {};
  });
  await sweepNow(ctx);
}

/** Call it in a transaction that has locked the row. */
export async function endSilence(ctx: Context, row: SilenceRow): Promise<void> {
  if (statesOf[row.phase] === "ended") return;
  const now = new Date(ctx.clock());
  const isPending = row.phase === "pending";
  await ctx.db
    .update(silence)
    .set({
      phase: isPending ? "ended" : "showing",
      startsAt: isPending ? now : row.startsAt,
      endsAt: now,
      endedAt: now,
      endedBy: ctx.actor.name,
      updatedAt: now,
    })
    .where(eq(silence.id, row.id));
  await writeAudit(ctx, {
    verb: "silence.expire",
    details: { silence: row.id, reason: row.reason, wasToEnd: row.endsAt },
  });
  if (!isPending) await noteChange(ctx.db);
}
