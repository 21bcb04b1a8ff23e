import type { ActionAnswer } from "../../../shared/actions.ts";
import { type Context, requireScope } from "../../context.ts";
import type { Intake } from "../../intake/intake.ts";
import type { AlertsRequest } from "../alerts/accept-alerts.ts";
import { annotate } from "../groups/annotate.ts";
import { resolve } from "../groups/resolve.ts";
import { orNothingToDo } from "./act-by-key.ts";
import { keepAsked } from "./asked-actions.ts";
import { endFiring } from "./end-firing.ts";
import { findNamed, type Identifier, type Named, opsgenieKey } from "./opsgenie-identifier.ts";

/** An action as it is called in answers, and what is said once it is done. */
export interface AskedVerb {
  action: string;
  done: string;
}

const absent = "Alert does not exist";

/** Does one of our actions on what a client of Opsgenie names. Returns the id by which it asks what came of it. */
export async function askAction(
  ctx: Context,
  { action, done }: AskedVerb,
  identifier: Identifier,
  act: (id: string) => Promise<ActionAnswer>,
): Promise<string> {
  requireScope(ctx, "queue:act");
  const named = await findNamed(ctx, identifier, "own");
  const told = named === null ? { why: absent } : await orNothingToDo(act(named.id));
  const isDone = !("why" in told);
  return keepAsked(ctx, { action, ...whichOf(identifier, named), isDone, outcome: isDone ? done : told.why });
}

export interface AskedClose {
  identifier: Identifier;
  note: string | undefined;
  /** The close as an alert of this alias that is over. */
  requestFor(alias: string): AlertsRequest;
}

/**
 * Closes what a client of Opsgenie names: its sender's word that it is over, through the log. Without an alias there
 * is no such word, and it is closed as a person would, without a judgement.
 */
export async function askClose(ctx: Context, intake: Intake, asked: AskedClose): Promise<string> {
  requireScope(ctx, "alerts:write");
  const { identifier, note } = asked;
  const named = await findNamed(ctx, identifier, "any");
  const why = named === null ? absent : await close(ctx, intake, named, asked);
  const mayNote = named !== null && why === null && note !== undefined && ctx.actor.scopes.has("queue:act");
  if (mayNote) await orNothingToDo(annotate(ctx, named.id, { text: note }));
  const outcome = why ?? "Closed alert";
  return keepAsked(ctx, { action: "Close", ...whichOf(identifier, named), isDone: why === null, outcome });
}

/** Null once it is closed, else why it is not. */
async function close(
  ctx: Context,
  intake: Intake,
  { id, alias }: Named,
  { requestFor }: AskedClose,
): Promise<string | null> {
  if (alias !== null) {
    const ended = await endFiring(ctx, intake, opsgenieKey(alias), requestFor(alias));
    return ended === null ? "Alert is already closed" : null;
  }
  const told = await orNothingToDo(resolve(ctx, id, { verdict: "undetermined" }));
  return "why" in told ? told.why : null;
}

function whichOf({ type, text }: Identifier, named: Named | null) {
  return { alias: type === "alias" ? text : (named?.alias ?? null), itemId: named?.id ?? null };
}
