import * as v from "valibot";
import type { ItemDetail } from "../../../shared/group.ts";
import { type Context, requireScope } from "../../context.ts";
import { NotFoundError } from "../../errors.ts";
import { groupOfAlert } from "../alerts/show-alert.ts";
import { showItem } from "../groups/show-item.ts";

const Id = v.pipe(v.string(), v.uuid(), v.toLowerCase());

/** The item of an id that a stand-in gave out: that of the item, or that of the alert while it was not triaged. */
export async function itemOfId(ctx: Context, text: string): Promise<ItemDetail> {
  requireScope(ctx, "queue:read");
  const id = v.safeParse(Id, text);
  if (!id.success) throw new NotFoundError("the alert");
  return showItem(ctx, (await groupOfAlert(ctx, id.output)) ?? id.output);
}
