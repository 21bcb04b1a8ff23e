import type { ActionAnswer, ActionInput } from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { actOn } from "./act-on.ts";
import type { Change } from "./plan-change.ts";

/** Adds a note; it stays with the item however often it fires again. */
export function annotate(ctx: Context, id: string, input: ActionInput<"annotate">): Promise<ActionAnswer> {
  return actOn(ctx, { id, verb: "annotate", version: input.version }, annotating(input));
}

export function annotating({ text }: ActionInput<"annotate">): () => Change {
  return () => ({ set: {}, note: text });
}
