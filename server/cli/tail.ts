import { setTimeout as sleep } from "node:timers/promises";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { type Band, bands, type Item } from "../../shared/group.ts";
import {
  answerOf,
  ask,
  type Connection,
  connectionHelp,
  connectionOf,
  refusalOf,
  sentenceOf,
  UnreachableError,
} from "./connection.ts";
import { escapeControls, safeJson } from "./escape-controls.ts";
import { connectionFlags, readFlags } from "./read-flags.ts";
import { CliError, UsageError, type Verb } from "./verb.ts";

export const tail: Verb = {
  usage: "tail [--band P1,P2] [--json]",
  help: `Follows the queue: a line whenever an item changes, until it is interrupted. Connects again by itself.

  --band BANDS      only these, with commas
  --json            whole items as JSON
${connectionHelp.slice(1)}`,
  run: async (args) => {
    const flags = { ...connectionFlags, band: { type: "string" }, json: { type: "boolean" } } as const;
    const { values, positionals } = readFlags(args, flags);
    if (positionals.length > 0) throw new UsageError("tail takes no FILE or ID");
    const wanted = bandsOf(values.band);
    const format = values.json === true ? safeJson : lineOf;
    await follow(connectionOf(values), (item) => {
      if (wanted.has(item.band)) process.stdout.write(`${format(item)}\n`);
    });
    return 0;
  },
};

const firstWaitMs = 500;
const longestWaitMs = 15_000;

function bandsOf(text: string | undefined): ReadonlySet<Band> {
  if (text === undefined) return new Set(bands);
  return new Set(
    text.split(",").map((name) => {
      const band = bands.find((one) => one === name.trim().toUpperCase());
      if (band === undefined) throw new UsageError(`--band takes ${bands.join(", ")}`);
      return band;
    }),
  );
}

/** Never returns; a stream that ends is opened again where it was. */
async function follow(connection: Connection, show: (item: Item) => void): Promise<never> {
  let lastId: string | undefined;
  let wait = firstWaitMs;
  const onEvent = ({ event, id, data }: EventSourceMessage) => {
    wait = firstWaitMs;
    lastId = id ?? lastId;
    if (event === "item") show(answerOf<Item>(JSON.parse(data)));
    if (event === "reset")
      process.stderr.write("some changes were missed; the queue tells how it stands now\n");
  };
  for (;;) {
    const trouble = await readStream(connection, lastId, onEvent);
    if (trouble !== null) process.stderr.write(`${escapeControls(trouble)}; trying again\n`);
    await sleep(wait);
    wait = Math.min(longestWaitMs, wait * 2);
  }
}

/** Reads until the stream ends. Returns why it did, null when the server just closed it. */
async function readStream(
  connection: Connection,
  lastId: string | undefined,
  onEvent: (event: EventSourceMessage) => void,
): Promise<string | null> {
  try {
    const headers = { Accept: "text/event-stream", ...(lastId !== undefined && { "Last-Event-ID": lastId }) };
    const response = await ask(connection, "/stream", { headers });
    if (response.status >= 500) return `the answer was ${response.status}`;
    if (!response.ok) throw new CliError(sentenceOf(response.status, await refusalOf(response)));
    await feed(response, onEvent);
    return null;
  } catch (error) {
    if (error instanceof UnreachableError) return error.message;
    throw error;
  }
}

async function feed(response: Response, onEvent: (event: EventSourceMessage) => void): Promise<void> {
  const parser = createParser({ onEvent });
  const decoder = new TextDecoder();
  try {
    for await (const bytes of response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  } catch (error) {
    // What fetch throws when the connection breaks.
    if (!(error instanceof TypeError)) throw error;
    throw new UnreachableError("the connection broke");
  }
}

/** Text of attackers on a terminal: everything of the item is escaped, not only its title. */
function lineOf({ lastSeen, band, environment, title, count, status, hidden }: Item): string {
  const state = [status === "open" ? "" : status, hidden === null ? "" : "hidden"].filter(
    (word) => word !== "",
  );
  const marks = state.length === 0 ? "" : `  [${state.join(", ")}]`;
  return escapeControls(`${lastSeen}  ${band}  ${environment}  ${title}  ×${count}${marks}`);
}
