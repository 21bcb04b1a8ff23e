import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

export type HaltMode = "fast" | "immediate";

export interface PostgresServer {
  /** Address of the server without a database: `postgres://postgres@127.0.0.1:PORT`. */
  baseUrl: string;
  /** Ends it as `pg_ctl stop` does in this mode, with everybody's connections; `start` brings it back. */
  halt(mode: HaltMode): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Identity {
  uid?: number;
  gid?: number;
}

const run = promisify(execFile);
const programs = "/usr/lib/postgresql";

export interface PostgresOptions {
  /** Every commit reaches the disk, as in production; tests do without. */
  durable?: boolean;
  /** The only processor it may use. */
  core?: number;
}

/** A private PostgreSQL on a free port and a throw-away folder; nothing that already runs is touched. */
export async function startPostgres({
  durable = false,
  core,
}: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = programFolder();
  const identity = unprivileged();
  const folder = await mkdtemp(join(tmpdir(), "quietwatch-postgres-"));
  if (identity.uid !== undefined && identity.gid !== undefined) {
    await chown(folder, identity.uid, identity.gid);
  }
  const data = join(folder, "data");
  const initArgs = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  await run(join(bin, "initdb"), initArgs, { ...identity, cwd: folder });

  const port = await freePort();
  const settings = [
    `unix_socket_directories=${folder}`,
    "listen_addresses=127.0.0.1",
    `fsync=${durable ? "on" : "off"}`,
  ];
  const args = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const program = join(bin, "postgres");
  const [command, commandArgs] =
    core === undefined ? [program, args] : ["taskset", ["-c", String(core), program, ...args]];
  const baseUrl = `postgres://postgres@127.0.0.1:${port}`;
  let server: ChildProcess | null = null;
  const start = async () => {
    server = spawn(command, commandArgs, { ...identity, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    await answers(`${baseUrl}/postgres`, server, tail(server));
  };
  const halt = async (mode: HaltMode) => {
    if (server !== null) await end(server, mode === "fast" ? "SIGINT" : "SIGQUIT");
  };
  const stop = async () => {
    await halt("fast");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { baseUrl, halt, start, stop };
}

function programFolder(): string {
  const versions = existsSync(programs) ? readdirSync(programs).sort((a, b) => Number(b) - Number(a)) : [];
  const newest = versions.map((version) => join(programs, version, "bin")).find((bin) => existsSync(bin));
  if (newest === undefined) {
    throw new Error(`tests on PostgreSQL need it in ${programs}: apt-get install postgresql`);
  }
  return newest;
}

/** PostgreSQL refuses to run as root, so root becomes the user that Debian's package made. */
function unprivileged(): Identity {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync("/etc/passwd", "utf8").match(/^postgres:[^:]*:(\d+):(\d+):/m);
  if (entry === null) throw new Error("root needs a user named postgres to run PostgreSQL as");
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** The last lines the server wrote, for the message when it does not come up. */
function tail(server: ChildProcess): () => string {
  let text = "";
  server.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-2000);
  });
  return () => text;
}

async function answers(url: string, server: ChildProcess, said: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && server.exitCode === null) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`PostgreSQL did not come up: ${said()}`);
}

/**
 * SIGINT is PostgreSQL's fast shutdown: open sessions are ended, nothing is left running. SIGQUIT is the immediate
 * one: the next start recovers, as after a crash.
 */
async function end(server: ChildProcess, signal: "SIGINT" | "SIGQUIT"): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = new Promise((resolve) => server.once("exit", resolve));
  server.kill(signal);
  await exited;
}
