import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LaunchedServer, launchServer } from "./launch-server.ts";

/** The real server in a process of its own, as `npm start` runs it, on one store through all its restarts. */
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
  const start = (port: string) =>
    launchServer({
      QUIETWATCH_PORT: port,
      QUIETWATCH_DATA_DIR: folder,
      QUIETWATCH_ADMIN_TOKEN: token,
      QUIETWATCH_LOG_LEVEL: "info",
      ...(options.databaseUrl !== undefined && { QUIETWATCH_DATABASE_URL: options.databaseUrl }),
      ...options.env,
    });
  let server: LaunchedServer = await start("0");
  return {
    get url() {
      return server.url;
    },
    get pid() {
      return server.pid;
    },
    token,
    output: () => server.output(),
    signInLink: () => {
      const link = /http\S+\/sign-in#\S+/.exec(server.output())?.[0];
      if (link === undefined) throw new Error(`no sign-in link in: ${server.output()}`);
      return link;
    },
    kill: async (signal) => {
      await server.kill(signal);
    },
    restart: async () => {
      server = await start(new URL(server.url).port);
    },
    stop: async () => {
      await server.kill("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}
