import { defaultPolicy } from "../../shared/policy.ts";
import type { Reject } from "../adapters/adapter.ts";
import { escapeControls } from "./escape-controls.ts";
import { createLineWriter } from "./line-writer.ts";
import { createProgress } from "./progress.ts";
import { onlyOne, readFlags } from "./read-flags.ts";
import { readInput } from "./read-input.ts";
import { readPolicy } from "./read-policy.ts";
import { type ReplayFormat, replayFormats, replayLines } from "./replay-source.ts";
import { createReplayTriage, type ReplayTriage } from "./replay-triage.ts";
import { CliError, UsageError, type Verb } from "./verb.ts";

export const replay: Verb = {
  usage: "replay --format FORMAT [--policy FILE] FILE[.gz]",
  help: `Runs the alerts of a file (- is standard input) through triage, on a clock that the alerts move. Needs no
server and no store. Standard output carries one JSON decision a line and nothing else; what cannot be read is
named on standard error and has no decision. Alerts are expected in the order of time; one that is earlier than
the one before it counts as late.

  --format FORMAT   ${replayFormats.join(", ")}
  --policy FILE     a policy as YAML or JSON; without it the one that a new server has`,
  run: async (args) => {
    const { values, positionals } = readFlags(args, {
      format: { type: "string" },
      policy: { type: "string" },
    });
    const file = onlyOne(positionals, "FILE");
    const format = formatOf(values.format);
    const policy = values.policy === undefined ? defaultPolicy : await readPolicy(values.policy);
    return replayFile(file, format, createReplayTriage(policy));
  },
};

function formatOf(name: string | undefined): ReplayFormat {
  const format = replayFormats.find((one) => one === name);
  if (format !== undefined) return format;
  throw new UsageError(
    name === undefined ? "--format is missing" : `no format is named ${name.slice(0, 64)}`,
  );
}

async function replayFile(file: string, format: ReplayFormat, triage: ReplayTriage): Promise<number> {
  const output = createLineWriter(process.stdout);
  const progress = createProgress(process.stderr);
  const count = { decided: 0, interruptions: 0, rejected: 0 };
  const summary = () => sentence(count, triage);
  for await (const { line, readings } of replayLines(format, readInput(file))) {
    for (const { alert, reject } of readings) {
      if (alert === undefined) {
        count.rejected += 1;
        progress.end();
        sayReject(line, reject);
        continue;
      }
      const decision = triage.decide(alert);
      count.decided += 1;
      if (decision.interrupts) count.interruptions += 1;
      const full = output.write(JSON.stringify({ line, ...decision }));
      if (full !== null) await full;
    }
    progress.tell(summary);
  }
  await output.flush();
  progress.end();
  process.stderr.write(`${summary()}\n`);
  if (count.decided === 0 && count.rejected > 0) throw new CliError(`nothing in ${file} is ${format}`);
  return 0;
}

function sayReject(line: number, { message }: Reject): void {
  process.stderr.write(`line ${line}: ${escapeControls(message)}\n`);
}

function sentence(
  { decided, interruptions, rejected }: { decided: number; interruptions: number; rejected: number },
  { groups, late }: ReplayTriage,
): string {
  const number = (value: number) => value.toLocaleString("en");
  const parts = [
    `${number(decided)} alerts`,
    `${number(groups)} items`,
    `${number(interruptions)} interruptions`,
  ];
  if (rejected > 0) parts.push(`${number(rejected)} not readable`);
  if (late > 0) parts.push(`${number(late)} out of order`);
  return parts.join(", ");
}
