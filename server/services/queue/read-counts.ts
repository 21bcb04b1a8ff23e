import type { Counts, QueueQuery } from "../../../shared/queue.ts";
import { type Context, requireScope } from "../../context.ts";
import { countQueue } from "./count-queue.ts";
import { baseFilter } from "./queue-filter.ts";

/** The counts of the queue without its items. */
export async function readCounts(ctx: Context, query: QueueQuery): Promise<Counts> {
  requireScope(ctx, "queue:read");
  return countQueue(ctx.db, baseFilter(ctx.actor, query));
}
