import type { ActionName } from "../../../shared/actions.ts";
import { type Context, requireScope } from "../../context.ts";
import { actOn } from "../groups/act-on.ts";
import { annotate } from "../groups/annotate.ts";
import { changeFor } from "../groups/change-for.ts";
import { itemOfId } from "./item-of-id.ts";

export interface NamedAction {
  verb: ActionName;
  input: Record<string, unknown>;
  /** Added as a note of its own once the action is done. */
  note?: string | undefined;
}

/** Does one of our actions on what has this id, with what was said along with it as a note. */
export async function actByName(
  ctx: Context,
  text: string,
  { verb, input, note }: NamedAction,
): Promise<void> {
  requireScope(ctx, "queue:act");
  const { id } = await itemOfId(ctx, text);
  await actOn(ctx, { id, verb, version: undefined }, changeFor(ctx, verb, input));
  if (note !== undefined) await annotate(ctx, id, { text: note });
}
