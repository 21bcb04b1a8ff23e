import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { formats } from "../../shared/alert.ts";
import { adapterFor } from "../adapters/registry.ts";
import { claimLock } from "../db/lock.ts";
import { readStateFolder } from "../env.ts";
import { connectionHelp, connectionOf } from "./connection.ts";
import { intakePath } from "./intake-path.ts";
import { connectionFlags, readFlags } from "./read-flags.ts";
import type { TextRecords } from "./ship-batch.ts";
import { createShipFile } from "./ship-file.ts";
import { followFiles } from "./ship-follow.ts";
import { filesNamed } from "./ship-names.ts";
import { createShipPost } from "./ship-post.ts";
import { openShipState, type ShipState } from "./ship-state.ts";
import { createShipTell } from "./ship-tell.ts";
import { CliError, UsageError, type Verb } from "./verb.ts";

export const ship: Verb = {
  usage: "ship FILE… --format FORMAT [--from start|end] [--state FILE] [--only TEXT] [--once]",
  help: `Follows log files as tail -F does and sends what is added, until it is stopped. Remembers how far it came, goes
on there after a stop or a crash, follows rotations (also those it slept through), tries again for as long as the
server is away, and sends nothing twice. Says on standard error what was rejected and where it stands.

  FILE              may have * and ? in its name, in quotes; new matches are found as they come
  --format FORMAT   ${formats.join(", ")}, or auto to let the server find out
  --from start|end  where a file begins that was not followed before; default start
  --only TEXT       passes over lines of JSON without this text
  --once            ends when everything that is there is sent
  --state FILE      positions; default a file in QUIETWATCH_DATA_DIR, else XDG_STATE_HOME/quietwatch,
                    else ~/.local/state/quietwatch, for each server and format
${connectionHelp.slice(1)}`,
  run: async (args) => {
    const { values, positionals } = readFlags(args, shipFlags);
    const { format, only, once } = values;
    if (positionals.length === 0) throw new UsageError("FILE is missing");
    if (format === undefined) throw new UsageError("--format is missing");
    const from = startOf(values.from);
    const path = intakePath(format);
    const connection = connectionOf(values);
    await filesNamed(positionals);
    const state = await claimState(values.state ?? defaultState(connection.url, format));
    const tell = createShipTell();
    const signals = stopSignals();
    try {
      const post = createShipPost({ connection, path, ...signals, say: tell.say });
      const text = textRecordsOf(format);
      const parts = {
        state: state.kept,
        post,
        text,
        only: only ?? null,
        from,
        told: tell.told,
        say: tell.say,
      };
      const open = (file: string) => createShipFile(file, parts);
      const { stopping } = signals;
      await followFiles({ names: positionals, open, state: state.kept, isOnce: once === true, stopping });
    } finally {
      await state.release();
      tell.end();
    }
    return 0;
  },
};

const shipFlags = {
  ...connectionFlags,
  format: { type: "string" },
  from: { type: "string", default: "start" },
  only: { type: "string" },
  once: { type: "boolean" },
  state: { type: "string" },
} as const;

function startOf(from: string): "start" | "end" {
  if (from === "start" || from === "end") return from;
  throw new UsageError("--from takes start or end");
}

function textRecordsOf(format: string): TextRecords {
  const known = formats.find((one) => one === format);
  return (known && adapterFor(known).textRecords) ?? null;
}

/** One for each server and format, so that several may run side by side. */
function defaultState(url: string, format: string): string {
  const server = createHash("sha256").update(url).digest("hex").slice(0, 8);
  return join(readStateFolder(), `ship-${format}-${server}.json`);
}

/** @throws CliError when another process keeps its positions there */
async function claimState(name: string): Promise<{ kept: ShipState; release(): Promise<void> }> {
  const path = resolve(name);
  await mkdir(dirname(path), { recursive: true });
  const release = await claimLock(`${path}.lock`);
  if (typeof release !== "function") {
    throw new CliError(`${path} is in use by process ${release.pid}; name another with --state`);
  }
  try {
    return { kept: await openShipState(path), release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** How long a request that is on its way may still take after a signal. */
const hurryMs = 5_000;

/** The first SIGTERM or SIGINT asks to stop, the second does not wait. */
function stopSignals(): { stopping: AbortSignal; hurry: AbortSignal } {
  const [stopping, hurry] = [new AbortController(), new AbortController()];
  const stop = () => {
    if (stopping.signal.aborted) hurry.abort();
    stopping.abort();
    setTimeout(() => hurry.abort(), hurryMs).unref();
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  return { stopping: stopping.signal, hurry: hurry.signal };
}
