import type { ActionAnswer } from "../../../shared/actions.ts";
import { type Context, requireScope } from "../../context.ts";
import { ConflictError, NotFoundError } from "../../errors.ts";
import { groupOfKey, type SenderKey } from "../groups/group-of-key.ts";

/** What came of an action: itself, or why there was nothing to do. */
export type Outcome = ActionAnswer | { why: string };

/** Does an action on what a sender knows by its own key; there is nothing to do where nothing has that key. */
export async function actByKey(
  ctx: Context,
  key: SenderKey,
  act: (id: string) => Promise<ActionAnswer>,
): Promise<Outcome> {
  requireScope(ctx, "queue:act");
  const group = await groupOfKey(ctx, key, "own");
  return group === null ? { why: "nothing has this key" } : orNothingToDo(act(group.id));
}

/** Where the item is there already, or out of reach, says so instead of refusing. */
export async function orNothingToDo(acting: Promise<ActionAnswer>): Promise<Outcome> {
  try {
    return await acting;
  } catch (error) {
    if (error instanceof ConflictError || error instanceof NotFoundError) return { why: error.message };
    throw error;
  }
}
