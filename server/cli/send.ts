import { type Format, formats } from "../../shared/alert.ts";
import { alertFlags, alertFromFlags } from "./alert-flags.ts";
import { type Connection, connectionHelp, connectionOf } from "./connection.ts";
import { escapeControls } from "./escape-controls.ts";
import { intakePath } from "./intake-path.ts";
import { type Posted, postBatch } from "./post-batch.ts";
import { connectionFlags, readFlags } from "./read-flags.ts";
import { readInput } from "./read-input.ts";
import { type Batch, sendBatches } from "./send-batches.ts";
import { CliError, UsageError, type Verb } from "./verb.ts";

export const send: Verb = {
  usage: "send [--format FORMAT] [FILE…|-]  or  send --source S --rule R --title T --severity L …",
  help: `Sends alerts from files or standard input (JSON, an array, NDJSON, the text of ossec and auditd; gzip too), or one
that the flags describe. Says how many were accepted and why the others were not; ends with 1 when any was rejected.

  --format FORMAT   ${formats.join(", ")}, or auto to let the server find out; default alert
  --environment, --service, --description, --status, --dedup-key
                    further fields of the one alert; --host, --ip, --user, --technique and
                    --label NAME=VALUE may be repeated
${connectionHelp.slice(1)}`,
  run: async (args) => {
    const { values, positionals } = readFlags(args, {
      ...connectionFlags,
      ...alertFlags,
      format: { type: "string", default: "alert" },
    });
    const { server, token, "token-file": tokenFile, format, ...fields } = values;
    const path = intakePath(format);
    const alert = alertFromFlags(fields);
    const sender = createSender(connectionOf({ server, token, "token-file": tokenFile }), path);
    if (alert !== null) {
      if (positionals.length > 0) throw new UsageError("flags describe one alert; no FILE beside them");
      await sender.post("the alert", {
        body: JSON.stringify(alert),
        contentType: "application/json",
        lines: [0],
      });
    } else {
      const known = formats.find((one) => one === format) ?? null;
      for (const file of filesOf(positionals)) await sendFile(sender, file, known);
    }
    return sender.finish();
  },
};

function filesOf(positionals: string[]): string[] {
  if (positionals.length > 0) return positionals;
  if (process.stdin.isTTY) throw new UsageError("name a FILE, or the fields of one alert");
  return ["-"];
}

async function sendFile(sender: Sender, file: string, format: Format | null): Promise<void> {
  for await (const batch of sendBatches(readInput(file), format)) {
    if ("why" in batch) sender.refuse(`${file}, record ${batch.line}`, batch.why);
    else await sender.post(`${file}, record`, batch);
  }
}

type Sender = ReturnType<typeof createSender>;

/** Posts batches and keeps the count; what was rejected is said as soon as it is known. */
function createSender(connection: Connection, path: string) {
  let accepted = 0;
  let rejected = 0;
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const sayReject = (where: string, why: string) => say(`rejected ${where}: ${escapeControls(why)}`);
  return {
    refuse: (where: string, why: string) => {
      rejected += 1;
      sayReject(where, why);
    },
    post: async (where: string, batch: Batch) => {
      const posted = await postBatch(connection, path, batch).catch((error: unknown) => {
        throw error instanceof CliError ? new CliError(`${error.message}${soFar(accepted)}`) : error;
      });
      accepted += posted.accepted;
      rejected += posted.refused;
      for (const { index, message } of posted.rejected)
        sayReject(`${where} ${placeOf(index, posted, batch)}`, message);
    },
    finish: (): number => {
      say(`accepted ${accepted.toLocaleString("en")}, rejected ${rejected.toLocaleString("en")}`);
      return rejected === 0 ? 0 : 1;
    },
  };
}

function soFar(accepted: number): string {
  return accepted === 0 ? "" : `; ${accepted.toLocaleString("en")} alerts were accepted before that`;
}

/** A record of some formats holds several alerts; then only where the batch began can be said. */
function placeOf(index: number, { accepted, refused }: Posted, { lines }: Batch): string {
  const isOneEach = accepted + refused === lines.length;
  return isOneEach ? String(lines[index] ?? "?") : `${lines[0]} and on, alert ${index}`;
}
