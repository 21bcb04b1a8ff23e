import { and, eq, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Actor, Context } from "../../context.ts";
import { silence } from "../../db/silence-tables.ts";
import { NotAllowedError, NotFoundError } from "../../errors.ts";
import type { SilenceRow } from "./silence-row.ts";

/** Silences that may hide something in the actor's scope; others are as good as not there. */
export function seenBy({ environments, services }: Actor): SQL | undefined {
  return and(overlaps(silence.environments, environments), overlaps(silence.services, services));
}

function overlaps(
  column: typeof silence.environments | typeof silence.services,
  own: readonly string[] | null,
): SQL | undefined {
  return own === null ? undefined : or(isNull(column), sql`${column} && ${sql.param([...own])}::text[]`);
}

/** @throws NotFoundError when it is not there or hides nothing the actor sees */
export async function lockSilence(ctx: Context, id: string): Promise<SilenceRow> {
  const [row] = await ctx.db
    .select()
    .from(silence)
    .where(and(eq(silence.id, id), seenBy(ctx.actor)))
    .for("update");
  if (row === undefined) throw new NotFoundError("the silence");
  return row;
}

/**
 * Who changes or ends a silence reaches all that it may hide.
 * @throws NotAllowedError
 */
export function requireReachOver(actor: Actor, { environments, services }: SilenceRow): void {
  if (covers(actor.environments, environments) && covers(actor.services, services)) return;
  throw new NotAllowedError("this silence reaches further than you do; ask its author to end it");
}

function covers(own: readonly string[] | null, other: readonly string[] | null): boolean {
  return own === null || (other?.every((name) => own.includes(name)) ?? false);
}
