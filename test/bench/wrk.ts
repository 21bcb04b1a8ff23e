import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Load {
  url: string;
  headers: Record<string, string>;
  /** Bodies made beforehand, sent in turn. */
  bodies: string[];
  connections: number;
  seconds: number;
  /** The processor the generator may use. */
  core: number;
}

export interface LoadResult {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not 2xx, and connections that failed. */
  failures: number;
}

/** Sends bodies as fast as they are taken, from one thread of wrk on one processor. */
export async function sendLoad(load: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), "quietwatch-wrk-"));
  try {
    const script = join(folder, "load.lua");
    await writeFile(join(folder, "bodies"), load.bodies.join("\n"));
    await writeFile(script, luaScript(load, join(folder, "bodies")));
    const { origin } = new URL(load.url);
    const { stdout } = await run("taskset", [
      ...["-c", String(load.core), "wrk", "-t1", `-c${load.connections}`, `-d${load.seconds}s`],
      ...["--timeout", "30s", "-s", script, origin],
    ]);
    return JSON.parse(stdout.slice(stdout.lastIndexOf("RESULT") + 6));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Sends so many requests over these connections, the bodies in turn, each again until it is taken. */
export async function sendAlerts(
  { url, headers, bodies, connections }: Omit<Load, "seconds">,
  requests: number,
): Promise<void> {
  let next = 0;
  const sendAll = async () => {
    for (let at = next; at < requests; at = next) {
      next += 1;
      const body = bodies[at % bodies.length] ?? "";
      while (!(await fetch(url, { method: "POST", headers, body })).ok)
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  await Promise.all(Array.from({ length: connections }, sendAll));
}

function luaScript({ url, headers }: Load, bodies: string): string {
  const lines = Object.entries(headers).map(
    ([name, value]) => `wrk.headers[${quote(name)}] = ${quote(value)}`,
  );
  const { pathname } = new URL(url);
  return `
${lines.join("\n")}
local requests = {}
init = function(args)
  for line in io.lines(${quote(bodies)}) do
    requests[#requests + 1] = wrk.format("POST", ${quote(pathname)}, nil, line)
  end
end
local at = 0
request = function()
  at = at % #requests + 1
  return requests[at]
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT{"requestsPerSecond":%f,"p50Ms":%f,"p99Ms":%f,"failures":%d}',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.connect + e.read + e.write + e.status + e.timeout))
end`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
