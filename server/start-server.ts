import { once } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Policy } from "../shared/policy.ts";
import { createApp } from "./app.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Deps } from "./context.ts";
import { startControlSocket } from "./control-socket.ts";
import { migrate, openStore, type Store } from "./db/client.ts";
import type { Env } from "./env.ts";
import { StartError } from "./errors.ts";
import { greet } from "./greet.ts";
import { createBacklog } from "./intake/backlog.ts";
import { createIntake } from "./intake/intake.ts";
import { createRecentChunks } from "./intake/recent-chunks.ts";
import { ensurePartitions } from "./jobs/ensure-partitions.ts";
import { hearOtherNodes } from "./jobs/hear-other-nodes.ts";
import { keepSilences } from "./jobs/keep-silences.ts";
import { prune } from "./jobs/prune.ts";
import { schedule } from "./jobs/schedule.ts";
import { summariseIntake } from "./jobs/summarise-intake.ts";
import { tendStore } from "./jobs/tend-store.ts";
import { startTriage } from "./jobs/triage-worker.ts";
import { wakeSnoozed } from "./jobs/wake-snoozed.ts";
import { createHub } from "./live/hub.ts";
import { createLog } from "./log.ts";
import { createObserve } from "./observe/observe.ts";
import { hasHalfAnImport } from "./services/export/import-all.ts";
import { watchHeartbeats } from "./services/heartbeats/watch-heartbeats.ts";
import { holdPolicy } from "./services/policy/hold-policy.ts";
import { keepRejects } from "./services/rejects/keep-rejects.ts";
import { pruneRejects } from "./services/rejects/prune-rejects.ts";
import { keepSenders } from "./services/senders/keep-senders.ts";

export interface RunningServer {
  url: string;
  deps: Deps;
  /** What is said to whoever started it, line by line. */
  greeting: string[];
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Folder of the built dashboard; null serves the API alone. */
  pages: string | null;
  /** Alerts that may wait for triage before intake answers 503. */
  mostBacklog?: number;
  /** A time of its own and a policy that is not stored: for the demo. */
  clock?: Clock;
  policy?: Policy;
}

/** Opens the store, starts the jobs and listens; a start that fails leaves nothing running. */
export async function startServer(env: Env, options: StartOptions): Promise<RunningServer> {
  const store = await openStore(
    env.databaseUrl === null ? { dataDir: env.dataDir } : { databaseUrl: env.databaseUrl },
  );
  try {
    await migrate(store);
    await refuseHalfAnImport(store);
    return await serve(env, store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function refuseHalfAnImport(store: Store): Promise<void> {
  if (!(await hasHalfAnImport(store))) return;
  throw new StartError(
    "an import into this store did not end; run it again, it begins anew (quietwatch import).",
  );
}

async function serve(env: Env, store: Store, options: StartOptions): Promise<RunningServer> {
  const { deps, stopWork } = await startWork(env, store, options);
  try {
    const server = serverFor(deps, options);
    await listening(server, env);
    const url = addressOf(server, env);
    const stopControl = await startControlSocket(deps, env.dataDir, url);
    deps.log("info", "server.started", { url, store: store.kind, node: process.version });
    const stop = async () => {
      deps.log("info", "server.stopping");
      await stopControl();
      deps.hub.close();
      await closed(server);
      await stopWork();
      await store.close();
      deps.log("info", "server.stopped");
    };
    return { url, deps, greeting: await greet(deps, url), stop };
  } catch (error) {
    await stopWork();
    throw error;
  }
}

async function startWork(env: Env, store: Store, options: StartOptions) {
  const { clock = systemClock, mostBacklog = 1_000_000 } = options;
  const hub = createHub();
  const log = createLog(env.logLevel);
  const observe = createObserve({ process: true });
  const recent = createRecentChunks();
  const backlog = createBacklog(store.pool, mostBacklog);
  const held = await holdPolicy(store.db, options.policy);
  const policy = held.current;
  await ensurePartitions({ store, clock });
  const triage = startTriage({ store, clock, hub, log, backlog, recent, policy, observe });
  const intake = createIntake({ store, clock, backlog, recent, observe, committed: triage.poke });
  const deps: Deps = {
    store,
    clock,
    hub,
    intake,
    log,
    observe,
    env,
    fetch,
    policy,
    refreshPolicy: held.refresh,
  };
  const deaf = await hearOtherNodes(deps);
  const startedAt = clock();
  const countSenders = keepSenders(deps);
  const summarise = summariseIntake({ log, senders: observe.senders });
  const stopJobs = schedule(
    [
      // Another node may have saved one.
      { name: "refresh-policy", everyMs: 2_000, run: held.refresh },
      { name: "wake-snoozed", everyMs: 5_000, run: () => wakeSnoozed(deps) },
      { name: "keep-silences", everyMs: 2_000, run: () => keepSilences(deps) },
      { name: "summarise-intake", everyMs: 1_000, run: summarise },
      { name: "keep-rejects", everyMs: 1_000, run: () => keepRejects(deps) },
      { name: "keep-senders", everyMs: 5_000, run: countSenders },
      { name: "prune-rejects", everyMs: 3_600_000, run: () => pruneRejects(deps) },
      { name: "watch-heartbeats", everyMs: 10_000, run: () => watchHeartbeats(deps, startedAt) },
      { name: "tend-store", everyMs: 600_000, run: async () => void (await tendStore(deps)) },
      { name: "prune", everyMs: 3_600_000, run: () => prune(deps) },
      { name: "ensure-partitions", everyMs: 86_400_000, run: () => ensurePartitions(deps) },
    ],
    log,
  );
  const stopWork = async () => {
    await intake.idle();
    await triage.stop();
    await stopJobs();
    // A store that is gone must not keep the process from ending.
    await Promise.allSettled([summarise(), countSenders(), keepRejects(deps)]);
    deaf();
  };
  return { deps, stopWork };
}

/** A client that is slow to send holds nothing but its own connection, and that not for ever. */
function serverFor(deps: Deps, { pages }: StartOptions): Server {
  const server = createAdaptorServer({
    fetch: createApp(deps, { pages }).fetch,
    // How often the limits below are looked at; Node's own 30 seconds would double them.
    serverOptions: { connectionsCheckingInterval: 1_000 },
  });
  if (!("headersTimeout" in server)) throw new Error("the adaptor made no HTTP/1 server");
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

async function listening(server: Server, { port, host }: Env): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? error.code : "unknown";
    if (why === "EADDRINUSE") {
      throw new StartError(`port ${port} of ${host} is taken; set QUIETWATCH_PORT to another one.`);
    }
    throw new StartError(
      `it cannot listen on ${host}, port ${port} (${why}); QUIETWATCH_HOST and QUIETWATCH_PORT say where.`,
    );
  }
}

function addressOf(server: Server, { host, publicUrl }: Env): string {
  if (publicUrl !== null) return publicUrl;
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${shown.includes(":") ? `[${shown}]` : shown}:${port}`;
}

async function closed(server: Server): Promise<void> {
  const done = once(server, "close");
  server.close();
  // Streams end when the hub closes; a connection whose answer ends meanwhile is idle from then on.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  // Requests under way get a moment.
  const timer = setTimeout(() => server.closeAllConnections(), 500);
  await done;
  clearInterval(sweep);
  clearTimeout(timer);
}
