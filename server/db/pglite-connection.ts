import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { WorkerOptions, WorkerReport, WorkerRequest } from "./pglite-worker.ts";

/**
 * PGlite in a worker thread, spoken to in PostgreSQL's own wire protocol: the store has one driver, one set of
 * types and one pool whichever database is behind it, and a commit's file sync never stops the event loop.
 *
 * A thread that can no longer vouch for what it holds ends, and with it all connections, as PostgreSQL does. The next
 * connection starts another, which recovers from the log of writes what was committed.
 */
export interface PgliteServer {
  connect(): Duplex;
  /** A dump of the whole database, for cloning it. */
  dump(): Promise<Blob>;
  /** File syncs since the start. */
  syncs(): number;
  /** Why the thread ended, while there is no other yet and for a while after. */
  fault(): string | null;
  close(): Promise<void>;
}

/** The database is not there just now. */
class AwayError extends Error {
  readonly code = "EAWAY";
}

/** How long after a start that failed the next one waits. */
const againMs = 1_000;
/** How long a thread lives before it counts as one that will. */
const soundMs = 5_000;

export async function startPglite(options: { folder: string | null; load?: Blob }): Promise<PgliteServer> {
  const syncs = new Int32Array(new SharedArrayBuffer(4));
  let worker = await open({ folder: options.folder, load: options.load ?? null, syncs });
  let fault: string | null = null;
  let isDown = false;
  let openedAt = performance.now();
  let opening: Promise<Worker> | null = null;
  let isClosing = false;
  watch(worker);

  function watch(living: Worker): void {
    const end = (why: string) => {
      isDown = true;
      fault = why;
    };
    living.on("error", (error) => end(error.message));
    living.on("message", (report: WorkerReport) => {
      if (report !== "ready") end(report.fault);
    });
    living.once("exit", () => {
      if (!isDown) end("its thread ended");
    });
  }

  async function reopen(): Promise<Worker> {
    try {
      worker = await open({ folder: options.folder, load: null, syncs });
      isDown = false;
      openedAt = performance.now();
      watch(worker);
      return worker;
    } catch (error) {
      fault = messageOf(error);
      await new Promise((resolve) => setTimeout(resolve, againMs));
      throw error;
    } finally {
      opening = null;
    }
  }

  /** What is in memory only is gone with its thread. */
  function living(): Promise<Worker> {
    if (!isDown) return Promise.resolve(worker);
    if (isClosing || options.folder === null) return Promise.reject(new AwayError(fault ?? "closed"));
    // Those who come while a start is under way, or just failed, share what comes of it.
    opening ??= reopen();
    return opening;
  }

  const ask = <T>(name: "dump" | "close") =>
    new Promise<T>((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.once("message", (answer: T) => {
        port1.close();
        resolve(answer);
      });
      worker.once("exit", () => reject(new AwayError(fault ?? "closed")));
      const request = (name === "dump" ? { dump: port2 } : { close: port2 }) satisfies WorkerRequest;
      worker.postMessage(request, [port2]);
    });
  return {
    connect: () => new PortStream(async () => connectTo(await living())),
    dump: () => ask<Blob>("dump"),
    syncs: () => Atomics.load(syncs, 0),
    fault: () => (isDown || performance.now() - openedAt < soundMs ? fault : null),
    close: async () => {
      isClosing = true;
      await opening?.catch(() => undefined);
      if (!isDown) await ask("close").catch(() => undefined);
      await worker.terminate();
    },
  };
}

function connectTo(worker: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ connect: port2 } satisfies WorkerRequest, [port2]);
  return port1;
}

/** Starts a thread and waits until its database is open. */
async function open(workerData: WorkerOptions): Promise<Worker> {
  const worker = startWorker(workerData);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once("message", (report: WorkerReport) => {
        if (report === "ready") resolve();
        else reject(new Error(report.fault));
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`its thread ended with ${code}`)));
    });
  } catch (error) {
    await worker.terminate();
    throw new AwayError(messageOf(error));
  }
  worker.removeAllListeners();
  return worker;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function startWorker(workerData: WorkerOptions): Worker {
  if (import.meta.url.endsWith(".js")) {
    return new Worker(new URL("./pglite-worker.js", import.meta.url), { workerData });
  }
  // Run from source (tests, benchmarks): a worker thread does not inherit the loader of its parent.
  const entry = JSON.stringify(new URL("./pglite-worker.ts", import.meta.url).href);
  // The require condition resolves everywhere, also under a test runner; its sibling is the ES module.
  const tsx = JSON.stringify(
    pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm/api")).href.replace(".cjs", ".mjs"),
  );
  return new Worker(`import(${tsx}).then(({ register }) => register()).then(() => import(${entry}));`, {
    eval: true,
    workerData,
  });
}

/** The stream `pg` talks to instead of a socket. */
class PortStream extends Duplex {
  readonly #open: () => Promise<MessagePort>;
  #port: MessagePort | null = null;

  constructor(open: () => Promise<MessagePort>) {
    super();
    this.#open = open;
  }

  /** Called by `pg` in place of a socket's connect. */
  connect(): this {
    void this.#open().then(
      (port) => this.#take(port),
      (error: Error) => this.destroy(error),
    );
    return this;
  }

  #take(port: MessagePort): void {
    if (this.destroyed) {
      port.close();
      return;
    }
    this.#port = port;
    port.on("message", (answer: Uint8Array) => {
      this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
    });
    // Also when the thread ended.
    port.on("close", () => this.destroy());
    this.emit("connect");
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    this.#port?.ref();
    return this;
  }

  unref(): this {
    this.#port?.unref();
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#send(new Uint8Array(chunk));
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#send(new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk))));
    done();
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port?.close();
    done(error);
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#port?.postMessage(bytes, [bytes.buffer]);
  }
}
