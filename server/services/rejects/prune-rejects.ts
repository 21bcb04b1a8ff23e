import { desc, inArray, lt } from "drizzle-orm";
import type { Deps } from "../../context.ts";
import { reject, sender, senderHour } from "../../db/intake-tables.ts";

const dayMs = 86_400_000;
/** However many senders there are. */
const mostRejects = 20_000;

/** Forgets rejects after a week, the hours of senders after two days, and senders after a quarter. */
export async function pruneRejects({ store: { db }, clock }: Pick<Deps, "store" | "clock">): Promise<void> {
  const ago = (days: number) => new Date(clock() - days * dayMs);
  await db.delete(reject).where(lt(reject.at, ago(7)));
  const tooMany = db
    .select({ id: reject.id })
    .from(reject)
    .orderBy(desc(reject.id))
    .limit(mostRejects)
    .offset(mostRejects);
  await db.delete(reject).where(inArray(reject.id, tooMany));
  await db.delete(senderHour).where(lt(senderHour.hour, ago(2)));
  await db.delete(sender).where(lt(sender.lastAt, ago(90)));
}
