import type { ActionAnswer, ActionInput } from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { actOn } from "./act-on.ts";
import type { Change } from "./plan-change.ts";

/** Gives it to somebody; `me` is whoever asks, null takes the owner away. */
export function assign(ctx: Context, id: string, input: ActionInput<"assign">): Promise<ActionAnswer> {
  return actOn(ctx, { id, verb: "assign", version: input.version }, assigning(ctx, input));
}

export function assigning({ actor }: Context, { to }: ActionInput<"assign">): () => Change {
  const assignee = to === "me" ? actor.name : to;
  return () => ({ set: { assignee }, details: { to: assignee } });
}
