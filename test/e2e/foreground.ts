import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll } from "vitest";

/** A program that a test started; ended by its own pid and by nothing else. */
export interface Foreground {
  log(): string;
  hasEnded(): boolean;
  /** Its exit code. */
  stop(): Promise<number | null>;
}

const living = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/** Starts a program and ends it after the test file at the latest. */
export function startForeground(
  command: string,
  args: string[],
  env: Readonly<Record<string, string>> = {},
): Foreground {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  living.add(child);
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => parts.push(part));
  const ended = once(child, "close").then(() => living.delete(child));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    return child.exitCode;
  };
  afterAll(stop);
  return {
    log: () => Buffer.concat(parts).toString("utf8"),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop,
  };
}
