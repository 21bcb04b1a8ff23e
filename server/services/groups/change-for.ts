import type * as v from "valibot";
import {
  AcknowledgeInput,
  type ActionName,
  AnnotateInput,
  AssignInput,
  EscalateInput,
  ReopenInput,
  ResolveInput,
  SnoozeInput,
} from "../../../shared/actions.ts";
import type { Context } from "../../context.ts";
import { parse } from "../../parse.ts";
import { acknowledging } from "./acknowledge.ts";
import { annotating } from "./annotate.ts";
import { assigning } from "./assign.ts";
import { escalating } from "./escalate.ts";
import type { Changing } from "./plan-change.ts";
import { reopening } from "./reopen.ts";
import { resolving } from "./resolve.ts";
import { snoozing } from "./snooze.ts";

function bind<Schema extends v.GenericSchema>(
  schema: Schema,
  changing: (ctx: Context, input: v.InferOutput<Schema>) => Changing,
) {
  return (ctx: Context, input: unknown): Changing => changing(ctx, parse(schema, input));
}

const changes: Record<ActionName, (ctx: Context, input: unknown) => Changing> = {
  acknowledge: bind(AcknowledgeInput, acknowledging),
  annotate: bind(AnnotateInput, (_, input) => annotating(input)),
  snooze: bind(SnoozeInput, snoozing),
  resolve: bind(ResolveInput, resolving),
  assign: bind(AssignInput, assigning),
  escalate: bind(EscalateInput, (_, input) => escalating(input)),
  reopen: bind(ReopenInput, () => reopening),
};

/**
 * The change an action named at run time makes.
 * @throws InvalidError when the input is not that action's
 */
export function changeFor(ctx: Context, action: ActionName, input: unknown): Changing {
  return changes[action](ctx, input);
}
