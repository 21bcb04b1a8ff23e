import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startPostgres } from "../support/postgres-server.ts";

export interface Subject {
  name: string;
  /** Where alerts are posted. */
  url: string;
  headers: Record<string, string>;
  /** Peak resident memory so far, MiB. */
  peakMemory(): Promise<number>;
  /** Bytes its data folder takes on disk. */
  bytesOnDisk(): Promise<number>;
  /** Resolves when nothing that was sent waits for triage. */
  settled(): Promise<void>;
  /** A new token that may only send alerts. */
  token(name: string): Promise<string>;
  stop(): Promise<void>;
}

const token = "bench-token-0123456789abcdef";
const asAdmin = { Authorization: `Bearer ${token}` };
const root = join(import.meta.dirname, "..", "..");

/** Debian's Alertmanager, which keeps alerts in memory. */
export function alertmanager(core: number): Promise<Subject> {
  return startSubject("alertmanager", core, (port, folder) => ({
    command: "prometheus-alertmanager",
    args: [
      ...[`--web.listen-address=127.0.0.1:${port}`, `--storage.path=${folder}`, "--cluster.listen-address="],
      ...[`--config.file=${join(import.meta.dirname, "alertmanager.yml")}`, "--log.level=error"],
    ],
    path: "/api/v2/alerts",
    ready: "/-/ready",
  }));
}

/** Our server as `npm start` runs it, every commit synced to disk; on the embedded store without a URL. */
export function quietwatch(core: number, path: string, databaseUrl?: string): Promise<Subject> {
  return startSubject("quietwatch", core, (port, folder) => ({
    command: process.execPath,
    args: ["--max-semi-space-size=64", join(root, "dist", "server", "main.js")],
    path,
    ready: "/readyz",
    env: {
      QUIETWATCH_PORT: String(port),
      QUIETWATCH_DATA_DIR: folder,
      QUIETWATCH_ADMIN_TOKEN: token,
      QUIETWATCH_LOG_LEVEL: "error",
      ...(databaseUrl === undefined ? {} : { QUIETWATCH_DATABASE_URL: databaseUrl }),
    },
  }));
}

/** A subject on a durable PostgreSQL of its own that shares its processor. */
export async function onPostgres(
  core: number,
  start: (databaseUrl: string) => Promise<Subject>,
): Promise<Subject> {
  const postgres = await startPostgres({ durable: true, core });
  const subject = await start(`${postgres.baseUrl}/postgres`).catch(async (error: unknown) => {
    await postgres.stop();
    throw error;
  });
  return {
    ...subject,
    stop: async () => {
      await subject.stop();
      await postgres.stop();
    },
  };
}

export function bareHandler(core: number): Promise<Subject> {
  return startSubject("bare handler", core, (port) => ({
    command: process.execPath,
    args: ["--import", "tsx", join(import.meta.dirname, "bare-server.ts"), String(port)],
    path: "/",
    ready: "/",
  }));
}

interface Command {
  command: string;
  args: string[];
  path: string;
  ready: string;
  env?: Record<string, string>;
}

async function startSubject(
  name: string,
  core: number,
  commandFor: (port: number, folder: string) => Command,
): Promise<Subject> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "quietwatch-bench-"));
  const { command, args, path, ready, env } = commandFor(port, folder);
  const child = spawn("taskset", ["-c", String(core), command, ...args], {
    cwd: root,
    env: { ...process.env, GOMAXPROCS: "1", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  await untilReady(`http://127.0.0.1:${port}${ready}`, child);
  return {
    name,
    url: `http://127.0.0.1:${port}${path}`,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    peakMemory: () => peakMemory(child),
    bytesOnDisk: () => bytesOnDisk(folder),
    settled: () => settled(`http://127.0.0.1:${port}`),
    token: (name) => newToken(`http://127.0.0.1:${port}`, name),
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before it was ready`);
    const answered = await fetch(url).then(
      ({ status }) => status < 500,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} never answered`);
}

async function peakMemory({ pid }: ChildProcess): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function bytesOnDisk(folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)("du", ["-s", "-B1", folder]);
  return Number.parseInt(stdout, 10);
}

async function settled(origin: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${origin}/metrics`, { headers: asAdmin });
    if (/^quietwatch_backlog_alerts 0$/m.test(await answer.text())) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function newToken(origin: string, name: string): Promise<string> {
  const answer = await fetch(`${origin}/api/v1/tokens`, {
    method: "POST",
    headers: { ...asAdmin, "Content-Type": "application/json" },
    body: JSON.stringify({ name, scopes: ["alerts:write"], expiresIn: "1d" }),
  });
  const { token: made }: { token: string } = await answer.json();
  return made;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
