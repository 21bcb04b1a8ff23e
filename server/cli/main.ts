#!/usr/bin/env node
import { ack } from "./ack.ts";
import { escapeControls } from "./escape-controls.ts";
import { exportVerb } from "./export.ts";
import { importVerb } from "./import.ts";
import { replay } from "./replay.ts";
import { send } from "./send.ts";
import { ship } from "./ship.ts";
import { signInLink } from "./sign-in-link.ts";
import { tail } from "./tail.ts";
import { token } from "./token.ts";
import { UsageError, type Verb } from "./verb.ts";

const verbs: Readonly<Record<string, Verb>> = {
  send,
  ship,
  tail,
  ack,
  replay,
  token,
  "sign-in-link": signInLink,
  export: exportVerb,
  import: importVerb,
};

const overview = [
  "usage: quietwatch VERB …, one of",
  ...Object.values(verbs).map(({ usage }) => `  ${usage}`),
  "quietwatch VERB --help says more.",
].join("\n");

async function runCommand([name, ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") return say(overview);
  const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) {
    const what = name === undefined ? "a verb is missing" : `no verb is named ${name.slice(0, 64)}`;
    return complain(`${what}; there are ${Object.keys(verbs).join(", ")}`, 2);
  }
  if (args.includes("--help")) return say(`usage: quietwatch ${verb.usage}\n\n${verb.help}`);
  try {
    return await verb.run(args);
  } catch (error) {
    if (error instanceof UsageError) return complain(`${error.message}; usage: quietwatch ${verb.usage}`, 2);
    return complain(error instanceof Error ? error.message : String(error), 1);
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(sentence: string, code: number): number {
  process.stderr.write(`quietwatch: ${escapeControls(sentence)}\n`);
  return code;
}

process.stdout.on("error", (error) => {
  // Whoever read has enough, as `head` does.
  if ("code" in error && error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await runCommand(process.argv.slice(2));
