import { eq } from "drizzle-orm";
import type { Context } from "../../context.ts";
import { clock } from "../../db/schema.ts";

/** The change sequence: moves whenever an item changes in any way. */
export async function readChange(ctx: Pick<Context, "db">): Promise<number> {
  const [row] = await ctx.db.select({ seq: clock.seq }).from(clock).where(eq(clock.name, "live"));
  return row?.seq ?? 0;
}
