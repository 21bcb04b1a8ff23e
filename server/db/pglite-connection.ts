import { createRequire } from "node:module";
import { Duplex } from "node:stream";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { WorkerOptions, WorkerRequest } from "./pglite-worker.ts";

/**
 * PGlite in a worker thread, spoken to in PostgreSQL's own wire protocol: the store has one driver, one set of
 * types and one pool whichever database is behind it, and a commit's file sync never stops the event loop.
 */
export interface PgliteServer {
  connect(): Duplex;
  /** A dump of the whole database, for cloning it. */
  dump(): Promise<Blob>;
  /** File syncs since the start. */
  syncs(): number;
  close(): Promise<void>;
}

export async function startPglite(options: { folder: string | null; load?: Blob }): Promise<PgliteServer> {
  const syncs = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerOptions = { folder: options.folder, load: options.load ?? null, syncs };
  const worker = startWorker(workerData);
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
  const ask = <T>(name: "dump" | "close") =>
    new Promise<T>((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.once("message", (answer: T) => {
        port1.close();
        resolve(answer);
      });
      worker.once("error", reject);
      const request = (name === "dump" ? { dump: port2 } : { close: port2 }) satisfies WorkerRequest;
      worker.postMessage(request, [port2]);
    });
  return {
    connect: () => {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ connect: port2 } satisfies WorkerRequest, [port2]);
      return new PortStream(port1);
    },
    dump: () => ask<Blob>("dump"),
    syncs: () => Atomics.load(syncs, 0),
    close: async () => {
      await ask("close");
      await worker.terminate();
    },
  };
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
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on("message", (answer: Uint8Array) => {
      this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
    });
  }

  /** Called by `pg` in place of a socket's connect. */
  connect(): this {
    queueMicrotask(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    this.#port.ref();
    return this;
  }

  unref(): this {
    this.#port.unref();
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
    this.#port.close();
    done(error);
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#port.postMessage(bytes, [bytes.buffer]);
  }
}
