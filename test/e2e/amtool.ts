import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What Debian's amtool says, or its error with what it said. */
export type Amtool = (...args: string[]) => Promise<string>;

/** amtool against our stand-in, in a home where nobody configured it. */
export function amtoolFor(url: string, { home, args = [] }: { home: string; args?: string[] }): Amtool {
  return async (...more) => {
    const all = [`--alertmanager.url=${url}`, ...args, ...more];
    const { stdout } = await run("amtool", all, { env: { ...process.env, HOME: home }, timeout: 30_000 });
    return stdout;
  };
}
