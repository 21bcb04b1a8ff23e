import { fdatasyncSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { fatalMessage } from "./fatal-message.ts";

/** What the main thread may ask of the worker besides the wire protocol. */
export type WorkerRequest = { connect: MessagePort } | { dump: MessagePort } | { close: MessagePort };
/** What it says unasked: that it serves, or why it ends. */
export type WorkerReport = "ready" | { fault: string };
export interface WorkerOptions {
  /** Folder of the database; null keeps it in memory. */
  folder: string | null;
  /** A dump to start from. */
  load: Blob | null;
  /** Shared counter of file syncs, so that a test can see that commits reach the disk. */
  syncs: Int32Array;
}

interface SyncableStream {
  nfd: number;
}

/** The part of Emscripten's module that the durable file system touches; PGlite does not type it. */
interface EmscriptenModule {
  NODEFS: { stream_ops: { fsync?: (stream: SyncableStream) => number } };
}

/**
 * PGlite's NODEFS has no fsync and the server starts with `-F`, so no commit would reach the disk by itself
 * (electric-sql/pglite#1107). Giving it one and dropping `-F` makes every commit one `fdatasync`.
 */
class DurableFS extends NodeFS {
  readonly #syncs: Int32Array;

  constructor(folder: string, syncs: Int32Array) {
    super(folder);
    this.#syncs = syncs;
  }

  override async init(pg: PGlite, options: Parameters<NodeFS["init"]>[1]) {
    const result = await super.init(pg, options);
    result.emscriptenOpts.preRun?.push((module: unknown) => {
      asEmscripten(module).NODEFS.stream_ops.fsync = (stream) => {
        fdatasyncSync(stream.nfd);
        Atomics.add(this.#syncs, 0, 1);
        return 0;
      };
    });
    return result;
  }
}

/** PGlite hands its module untyped to `preRun`. */
function asEmscripten(module: unknown): EmscriptenModule {
  return module as EmscriptenModule;
}

async function open({ folder, load, syncs }: WorkerOptions): Promise<PGlite> {
  const loaded = load === null ? {} : { loadDataDir: load };
  if (folder === null) return PGlite.create({ ...loaded });
  const startParams = [
    ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
    ...["-c", "wal_sync_method=fsync"],
    // What has been written to the tables is not kept a second time for long.
    ...["-c", "max_wal_size=64MB", "-c", "min_wal_size=32MB"],
  ];
  return PGlite.create({ fs: new DurableFS(folder, syncs), startParams, ...loaded });
}

const main = parentPort;
if (main === null) throw new Error("pglite-worker runs only as a worker thread");
const pg = await open(workerData);
let turn: Promise<unknown> = Promise.resolve();

/** One session serves every connection, one request at a time. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  // Thrown in the midst of the database's work, as by a file sync that fails: what it holds is in doubt.
  turn = mine.catch(giveUp);
  return mine;
}

/** Ends the thread; what was committed is in its files. */
function giveUp(error: unknown): never {
  const fault = error instanceof Error ? error.message : String(error);
  main?.postMessage({ fault } satisfies WorkerReport);
  process.exit(1);
}

/** A new client finds a clean session: prepared statements and settings of the last one are gone. */
async function resetSession(): Promise<void> {
  await pg.exec("ROLLBACK").catch(() => undefined);
  await pg.exec("DISCARD ALL");
}

function serve(port: MessagePort): void {
  void inTurn(resetSession);
  port.on("message", (request: Uint8Array) => {
    void inTurn(async () => {
      const answer = await pg.execProtocolRaw(request);
      const end = fatalMessage(answer);
      // The answer is not sent: whether the work is done is decided by the recovery.
      if (end !== null) giveUp(new Error(end));
      port.postMessage(answer);
    });
  });
}

async function dump(port: MessagePort): Promise<void> {
  const file = await inTurn(() => pg.dumpDataDir("none"));
  port.postMessage(file);
}

main.on("message", (request: WorkerRequest) => {
  if ("connect" in request) serve(request.connect);
  else if ("dump" in request) void dump(request.dump);
  else void inTurn(() => pg.close()).then(() => request.close.postMessage("closed"));
});
main.postMessage("ready" satisfies WorkerReport);
