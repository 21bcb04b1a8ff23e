import { sql } from "drizzle-orm";
import type { Context } from "../../context.ts";
import { pokedWithin } from "./wait-for-triage.ts";

/**
 * Waits until triage has seen what stood in the log when this was called, at most `ms`. False when it is behind
 * that still.
 */
export async function catchUp(ctx: Context, ms: number): Promise<boolean> {
  const { log: wanted } = await readClocks(ctx);
  const deadline = Date.now() + ms;
  for (;;) {
    const { triage } = await readClocks(ctx);
    if (triage >= wanted) return true;
    const left = deadline - Date.now();
    if (left <= 0) return false;
    await pokedWithin(ctx, left);
  }
}

async function readClocks({ db }: Context): Promise<{ log: number; triage: number }> {
  const { rows } = await db.execute(sql`
    select coalesce(max(seq) filter (where name = 'log'), 0) as log,
      coalesce(max(seq) filter (where name = 'triage'), 0) as triage from clock`);
  return { log: Number(rows[0]?.log), triage: Number(rows[0]?.triage) };
}
