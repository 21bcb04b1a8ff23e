import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a program in the project's root without a stdin. `show` sends its output to this process's "stdout" or
 * "stderr"; "failure" keeps it back and writes it to stderr only when the program fails.
 * @returns {Promise<number>} its exit status
 */
export function runStep(program, args, { show = "stdout", env = process.env } = {}) {
  const streams = { stdout: [1, 2], stderr: [2, 2], failure: ["pipe", "pipe"] }[show];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", ...streams] });
    const held = [];
    child.stdout?.on("data", (chunk) => held.push(chunk));
    child.stderr?.on("data", (chunk) => held.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(held));
      resolve(code ?? 1);
    });
  });
}
