import { count, type SQL, sql } from "drizzle-orm";
import type { Counts } from "../../../shared/queue.ts";
import type { Queryable } from "../../db/client.ts";
import { item } from "../../db/schema.ts";
import { bandName } from "../groups/item-of.ts";

/** Items by band, and how many are hidden. */
export async function countQueue(db: Queryable, filter: SQL | undefined): Promise<Counts> {
  const hidden = sql<boolean>`${item.hiddenBy} is not null`;
  const rows = await db
    .select({ band: item.band, hidden, count: count() })
    .from(item)
    .where(filter)
    .groupBy(item.band, hidden);
  const counts: Counts = { P1: 0, P2: 0, P3: 0, P4: 0, P5: 0, hidden: 0 };
  for (const row of rows) counts[row.hidden ? "hidden" : bandName(row.band)] += row.count;
  return counts;
}
