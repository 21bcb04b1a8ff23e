import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Keeps this process, and what it starts from now on, on one processor. */
export async function pinTo(core: number): Promise<void> {
  await promisify(execFile)("taskset", ["-a", "-p", "-c", String(core), String(process.pid)]);
}
