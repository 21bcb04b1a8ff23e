import { count, ne } from "drizzle-orm";
import { silenceLimits } from "../../../shared/silence.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import type { Context } from "../../context.ts";
import { silence } from "../../db/silence-tables.ts";
import { ConflictError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { noteChange } from "./move-silences.ts";
import type { SilenceDraft } from "./silence-draft.ts";
import type { SilenceRow } from "./silence-row.ts";

export type Reach = Pick<SilenceRow, "environments" | "services">;

/** What the draft would be as the actor's silence. */
export function ruleOf({ actor, clock }: Context, draft: SilenceDraft, { environments, services }: Reach) {
  return {
    ...draft,
    environments,
    services,
    id: uuidv7(clock()),
    authorId: actor.id,
    author: actor.name,
    overCritical: actor.role === "admin",
  };
}

/** The actor's own reach, as a silence keeps it. */
export function reachOf({ actor }: Context): Reach {
  const { environments, services } = actor;
  return {
    environments: environments === null ? null : [...environments],
    services: services === null ? null : [...services],
  };
}

/** Writes a silence and its audit row; call it in a transaction. @throws ConflictError when there are too many */
export async function insertSilence(
  ctx: Context,
  rule: ReturnType<typeof ruleOf>,
  details: Record<string, unknown> = {},
): Promise<void> {
  const now = new Date(ctx.clock());
  const [there] = await ctx.db.select({ rows: count() }).from(silence).where(ne(silence.phase, "ended"));
  if ((there?.rows ?? 0) >= silenceLimits.atOnce) {
    throw new ConflictError("conflict", `there are ${silenceLimits.atOnce} silences already; end some first`);
  }
  const isStarting = rule.startsAt.getTime() <= now.getTime();
  await ctx.db
    .insert(silence)
    .values({ ...rule, createdAt: now, updatedAt: now, phase: isStarting ? "hiding" : "pending" });
  const { id, reason, matchers, createdBy, startsAt, endsAt } = rule;
  await writeAudit(ctx, {
    verb: "silence.create",
    details: { silence: id, reason, matchers, createdBy, startsAt, endsAt, ...details },
  });
  if (isStarting) await noteChange(ctx.db);
}
