import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

/** A program of Debian's in a process of its own; ended by its own pid and by nothing else. */
export interface DebianProgram {
  url: string;
  /** What it logged. */
  log(): string;
  stop(): Promise<void>;
}

const living = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/** Starts a program that listens on a free port and waits until it says that it is ready. */
export async function startDebianProgram(
  command: string,
  argsFor: (port: number) => string[],
  readyPath: string,
): Promise<DebianProgram> {
  const port = await freePort();
  const child = spawn(command, argsFor(port), { stdio: ["ignore", "pipe", "pipe"] });
  living.add(child);
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      log += chunk;
    });
  }
  const ended = once(child, "close").then(() => living.delete(child));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${command} ended`);
      const { ok } = await fetch(url + readyPath);
      if (!ok) throw new Error(`${command} is not ready`);
    }, 30_000);
  } catch (error) {
    await stop();
    throw new Error(`${command} did not come up: ${log}`, { cause: error });
  }
  return { url, log: () => log, stop };
}
