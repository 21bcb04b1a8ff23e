import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { root } from "../support/source-files.ts";

export const adminToken = "an-administrators-token-for-whole-processes";
export const asAdmin = { Authorization: `Bearer ${adminToken}` };

export type Settings = Readonly<Record<string, string>>;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A real server in a process of its own; ended by its own pid and by nothing else. */
export interface LaunchedServer {
  url: string;
  pid: number;
  /** What it said to whoever started it. */
  output(): string;
  /** Its log, warnings and worse unless the settings want more. */
  log(): string;
  /** Sends the signal and waits for the end. */
  kill(signal: NodeJS.Signals): Promise<Exit>;
  /** Asks it to stop; fails when it does not within ten seconds. */
  stop(): Promise<Exit>;
}

const bundles = join(root, "dist/server");
const startMs = 60_000;
const stopMs = 10_000;
const living = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/** Starts the built server, or the demo of it, on a free port and waits until it says where it is. */
export async function launchServer(
  settings: Settings,
  program: "main" | "demo" = "main",
): Promise<LaunchedServer> {
  const { child, output, log, exited } = run(settings, program);
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the server ${why}: ${output()}${log()}`));
    const timer = setTimeout(() => fail("did not come up"), startMs);
    child.stderr.on("data", () => {
      const found = /Dashboard and API +(\S+)\n/.exec(output())?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    void exited.then(({ code }) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
  const kill = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  return { url, pid: child.pid ?? 0, output, log, kill, stop: () => inTime(kill("SIGTERM"), output) };
}

/** Runs a server that is expected to refuse to start. */
export async function refusedStart(settings: Settings): Promise<Exit & { said: string }> {
  const { child, output, exited } = run(settings, "main");
  const timer = setTimeout(() => child.kill("SIGKILL"), startMs);
  const exit = await exited;
  clearTimeout(timer);
  return { ...exit, said: output() };
}

function run(settings: Settings, program: string) {
  const bundle = join(bundles, `${program}.js`);
  // The command that also builds for people; a run of all tests has built before.
  if (!existsSync(bundle)) execFileSync(process.execPath, [join(root, ".ci/prepare.mjs"), "build"]);
  const env = { ...surroundings(), ...defaults, ...settings };
  const child = spawn(process.execPath, [bundle], { cwd: tmpdir(), env, stdio: ["ignore", "pipe", "pipe"] });
  living.add(child);
  const output = gather(child.stderr);
  const log = gather(child.stdout);
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => {
      living.delete(child);
      resolve({ code, signal });
    });
  });
  return { child, exited, output, log };
}

function gather(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

const defaults: Settings = {
  QUIETWATCH_PORT: "0",
  QUIETWATCH_ADMIN_TOKEN: adminToken,
  QUIETWATCH_LOG_LEVEL: "warn",
};

/** What the tests themselves run in, but for the settings of a server. */
function surroundings(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("QUIETWATCH_"));
  return { ...Object.fromEntries(own), NODE_ENV: "production" };
}

async function inTime(exited: Promise<Exit>, output: () => string): Promise<Exit> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the server does not stop: ${output()}`)), stopMs);
  });
  return Promise.race([exited, late]).finally(() => clearTimeout(timer));
}

export interface ScratchFolder {
  path: string;
  remove(): Promise<void>;
}

/** A data folder that nobody has used. */
export async function scratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), "quietwatch-e2e-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Asks until triage has reached the end of the log. */
export async function caughtUp(url: string, ms = 60_000): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    const text = await (await fetch(`${url}/metrics`, { headers: asAdmin })).text();
    const valueNow = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
    const left = valueNow("quietwatch_backlog_alerts");
    if (left === 0 && valueNow("quietwatch_triage_sequence") === valueNow("quietwatch_log_sequence")) return;
    if (Date.now() > end) throw new Error(`triage does not catch up: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
