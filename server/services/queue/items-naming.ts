import type { Entity } from "../../../shared/alert.ts";
import { bands, type Item, itemStatuses } from "../../../shared/group.ts";
import type { Page } from "../../../shared/queue.ts";
import type { Context } from "../../context.ts";
import { readQueue } from "./read-queue.ts";

/** Every item that names an entity, whatever its band or state. */
export async function itemsNaming(
  ctx: Context,
  entity: Pick<Entity, "type" | "value">,
  paging: { limit: number; cursor?: string | undefined },
): Promise<Page<Item>> {
  const { items, next } = await readQueue(ctx, {
    band: [...bands],
    status: [...itemStatuses],
    hidden: "include",
    flat: true,
    entity,
    ...paging,
  });
  return { items, next };
}
