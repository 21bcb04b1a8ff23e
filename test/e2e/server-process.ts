import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** The real server in a process of its own, as `npm start` runs it. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** The administrator's token. */
  readonly token: string;
  /** What it said on standard error since it was started last. */
  output(): string;
  /** The sign-in link that it said. */
  signInLink(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same store and port. */
  restart(): Promise<void>;
  /** Ends it and removes its data folder. */
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  /** PostgreSQL; else the embedded store in a folder of its own. */
  databaseUrl?: string;
  env?: Record<string, string>;
}

export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const token = "end-to-end-admin-token";
  const folder = await mkdtemp(join(tmpdir(), "quietwatch-e2e-"));
  let port = "0";
  let child: ChildProcess;
  let output = "";
  let url = "";

  async function start(): Promise<void> {
    output = "";
    child = spawn(process.execPath, [join(root, "dist", "server", "main.js")], {
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        QUIETWATCH_PORT: port,
        QUIETWATCH_DATA_DIR: folder,
        QUIETWATCH_ADMIN_TOKEN: token,
        ...(options.databaseUrl !== undefined && { QUIETWATCH_DATABASE_URL: options.databaseUrl }),
        ...options.env,
      },
    });
    child.stderr?.on("data", (data) => {
      output += String(data);
    });
    url = await addressIn(child, () => output);
    port = new URL(url).port;
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  await start();
  return {
    get url() {
      return url;
    },
    get pid() {
      return child.pid ?? 0;
    },
    token,
    output: () => output,
    signInLink: () => {
      const link = /http\S+\/sign-in#\S+/.exec(output)?.[0];
      if (link === undefined) throw new Error(`no sign-in link in: ${output}`);
      return link;
    },
    kill,
    restart: start,
    stop: async () => {
      await kill("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function addressIn(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const url = /Dashboard and API\s+(http\S+)/.exec(output())?.[1];
    // The greeting is written at once; its last line may still be on the way.
    if (url !== undefined && output().endsWith("\n")) return url;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${output()}`);
    if (Date.now() > deadline) throw new Error(`it did not start: ${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
