import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll } from "vitest";

const root = join(import.meta.dirname, "..", "..");
// Within the project, so that packages are found; built once a test file, because it starts many processes.
const built = await buildCli();
afterAll(() => rm(built, { recursive: true, force: true }));

async function buildCli(): Promise<string> {
  const cache = join(root, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const outdir = await mkdtemp(join(cache, "quietwatch-cli-"));
  const entryPoints = { cli: "server/cli/main.ts", "pglite-worker": "server/db/pglite-worker.ts" };
  await build({
    ...{ absWorkingDir: root, entryPoints, outdir, bundle: true, logLevel: "error" },
    ...{ platform: "node", format: "esm", target: "node20", packages: "external" },
  });
  await cp(join(root, "server/db/migrations"), join(outdir, "migrations"), { recursive: true });
  return outdir;
}

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  stdin?: string | Buffer;
}

/** The command line as a process of its own, with no more of this environment than it needs. */
export function startCli(args: string[], { env = {} }: RunOptions = {}): ChildProcess {
  const { PATH, HOME, TMPDIR } = process.env;
  const inherited = Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined);
  return spawn(process.execPath, [join(built, "cli.js"), ...args], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...env },
  });
}

/** Runs it to its end. */
export async function runCli(args: string[], options: RunOptions = {}): Promise<Ran> {
  const child = startCli(args, options);
  const stdout = gather(child.stdout);
  const stderr = gather(child.stderr);
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.stdin ?? "");
  const [code] = await once(child, "close");
  return { code, stdout: stdout(), stderr: stderr() };
}

/** What a stream has said so far. */
export function gather(stream: ChildProcess["stdout"]): () => string {
  const parts: Buffer[] = [];
  stream?.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString("utf8");
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

/** A folder that goes away after the test file. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "quietwatch-cli-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
