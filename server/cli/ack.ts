import type { ActionAnswer, UndoAnswer } from "../../shared/actions.ts";
import type { TimelineEntry } from "../../shared/group.ts";
import type { Page } from "../../shared/queue.ts";
import { type Connection, call, connectionHelp, connectionOf } from "./connection.ts";
import { escapeControls } from "./escape-controls.ts";
import { isUuid } from "./is-uuid.ts";
import { connectionFlags, readFlags } from "./read-flags.ts";
import { CliError, UsageError, type Verb } from "./verb.ts";

export const ack: Verb = {
  usage: "ack ID… [--note TEXT] [--undo]",
  help: `Acknowledges items, each as an action of its own, and says so a line each.

  --note TEXT       adds a note to each
  --undo            takes the last acknowledgement of each back, within five minutes
${connectionHelp.slice(1)}`,
  run: async (args) => {
    const flags = { ...connectionFlags, note: { type: "string" }, undo: { type: "boolean" } } as const;
    const { values, positionals } = readFlags(args, flags);
    const { note, undo } = values;
    if (positionals.length === 0) throw new UsageError("ID is missing");
    if (undo === true && note !== undefined) throw new UsageError("--undo takes no --note");
    const wrong = positionals.find((id) => !isUuid(id));
    if (wrong !== undefined) throw new UsageError(`${wrong.slice(0, 64)} is no id of an item`);
    const connection = connectionOf(values);
    const act = undo === true ? takeBack : (to: Connection, id: string) => acknowledge(to, id, note);
    return forEach(positionals, (id) => act(connection, id));
  },
};

/** One that fails does not keep the others from being done. */
async function forEach(ids: readonly string[], act: (id: string) => Promise<string>): Promise<number> {
  let failed = 0;
  for (const id of ids) {
    try {
      process.stdout.write(`${escapeControls(await act(id))}\n`);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failed += 1;
      process.stderr.write(`quietwatch: ${id}: ${escapeControls(error.message)}\n`);
    }
  }
  return failed === 0 ? 0 : 1;
}

async function acknowledge(connection: Connection, id: string, note: string | undefined): Promise<string> {
  const { item } = await call<ActionAnswer>(connection, "POST", `/items/${id}/acknowledge`, {});
  if (note !== undefined) await call(connection, "POST", `/items/${id}/annotate`, { text: note });
  return `acknowledged ${id}  ${item.title}`;
}

async function takeBack(connection: Connection, id: string): Promise<string> {
  const { items } = await call<Page<TimelineEntry>>(connection, "GET", `/items/${id}/timeline?limit=200`);
  const last = items.find(({ event, undone }) => event === "acknowledge" && !undone);
  if (last === undefined || last.actionId === null)
    throw new CliError("no acknowledgement can be taken back");
  await call<UndoAnswer>(connection, "POST", `/actions/${last.actionId}/undo`);
  return `took back the acknowledgement of ${id}`;
}
