import { type Change, type ChangeInput, defaultChangeMs, longestChangeMs } from "../../../shared/change.ts";
import { uuidv7 } from "../../../shared/uuid.ts";
import { type Actor, type Context, requireScope } from "../../context.ts";
import { change } from "../../db/sender-tables.ts";
import { InvalidError, NotAllowedError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { withTransaction } from "../with-transaction.ts";
import { changeOf } from "./change-of.ts";

/**
 * Announces a deploy or maintenance. Whoever reaches only some environments or services says which of them.
 * @throws InvalidError, NotAllowedError
 */
export async function announceChange(ctx: Context, input: ChangeInput): Promise<Change> {
  requireScope(ctx, "alerts:write");
  requireReach(ctx.actor.environments, input.environment, "environment");
  requireReach(ctx.actor.services, input.service, "service");
  const now = ctx.clock();
  const { startsAt, endsAt } = windowOf(input, now);
  const { title, environment = null, service = null, links, source = null, details } = input;
  return withTransaction(ctx, async (inner) => {
    const where = { environment, service, source };
    const announced = { id: uuidv7(now), at: new Date(now), announcedBy: ctx.actor.name };
    const row = { ...announced, ...where, title, startsAt, endsAt, links, details };
    const [stored] = await inner.db.insert(change).values(row).returning();
    if (stored === undefined) throw new Error("a change was not stored");
    if (ctx.actor.personId !== null) {
      const told = {
        change: row.id,
        title,
        ...where,
        startsAt: startsAt.toISOString(),
        endsAt: endsAt.toISOString(),
      };
      await writeAudit(inner, { verb: "change.announce", details: told });
    }
    return changeOf(stored);
  });
}

function requireReach(reach: Actor["environments"], wanted: string | undefined, field: string): void {
  if (reach === null || (wanted !== undefined && reach.includes(wanted))) return;
  throw new NotAllowedError(`${field}: this token announces changes of ${reach.join(", ") || "none"} only`);
}

function windowOf({ startsAt, endsAt }: ChangeInput, now: number): { startsAt: Date; endsAt: Date } {
  const from = startsAt === undefined ? now : Date.parse(startsAt);
  const to = endsAt === undefined ? from + defaultChangeMs : Date.parse(endsAt);
  const refuse = (message: string): never => {
    throw new InvalidError(`endsAt: ${message}`, [{ path: "endsAt", message }]);
  };
  if (to <= from) refuse("must be after startsAt");
  if (to - from > longestChangeMs) refuse("at most 31 days after startsAt");
  return { startsAt: new Date(from), endsAt: new Date(to) };
}
