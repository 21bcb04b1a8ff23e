import { textAt } from "../adapters/text-field.ts";
import { InvalidError } from "../errors.ts";
import type { NamedAction } from "../services/stand-ins/act-by-name.ts";

const defaultShelf = 7_200;

/** Names of statuses and of actions there, by what they are here; the others have no counterpart. */
const verbs = new Map<string, NamedAction["verb"]>([
  ["open", "reopen"],
  ["unack", "reopen"],
  ["unshelve", "reopen"],
  ["ack", "acknowledge"],
  ["closed", "resolve"],
  ["close", "resolve"],
  ["shelved", "snooze"],
  ["shelve", "snooze"],
]);

/** @throws InvalidError for what has no counterpart here */
export function readAlertaAction(field: "status" | "action", sent: Record<string, unknown>): NamedAction {
  const name = textAt(sent, field);
  if (name === undefined) throw new InvalidError(`must supply '${field}' as json data`);
  const verb = verbs.get(name);
  if (verb === undefined) {
    throw new InvalidError(
      `${field} ${name.slice(0, 40)} has no counterpart here: ${[...verbs.keys()].join(", ")} have`,
    );
  }
  return { verb, input: inputOf(verb, sent), note: textAt(sent, "text")?.trim().slice(0, 16_384) };
}

function inputOf(verb: NamedAction["verb"], { timeout }: Record<string, unknown>): NamedAction["input"] {
  if (verb === "resolve") return { verdict: "undetermined" };
  if (verb !== "snooze") return {};
  const seconds = typeof timeout === "number" && timeout > 0 ? Math.min(timeout, 999_999) : defaultShelf;
  return { for: `${Math.ceil(seconds)}s` };
}
