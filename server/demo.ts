import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoPolicy } from "./demo/company.ts";
import { createDemoClient, type DemoClient } from "./demo/demo-client.ts";
import { createDemoClock, createHour } from "./demo/play-hour.ts";
import { readEnv } from "./env.ts";
import { StartError } from "./errors.ts";
import { startServer } from "./start-server.ts";

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** `npm run demo`: a server on a throw-away store, with an hour of alerts of an invented company. */
async function runDemo(dataDir: string): Promise<void> {
  const stopping = new AbortController();
  process.once("SIGTERM", () => stopping.abort());
  process.once("SIGINT", () => stopping.abort());
  const start = Date.now();
  const clock = createDemoClock(start);
  const env = readEnv();
  const adminToken = env.adminToken ?? randomBytes(24).toString("base64url");
  const own = { ...env, adminToken, dataDir, databaseUrl: null, publicUrl: null, logLevel: "warn" as const };
  const pages = join(import.meta.dirname, "..", "dashboard");
  const server = await startServer(own, { pages, clock: clock.now, policy: demoPolicy });
  try {
    const client = createDemoClient(server.url, adminToken);
    const hour = createHour(client, clock, start);
    say("Playing the first forty minutes of the demo …");
    await hour.past(stopping.signal);
    if (!stopping.signal.aborted) say(await greeting(client, server.url));
    await hour.rest(stopping.signal);
    await stopped(stopping.signal);
  } finally {
    await server.stop();
  }
}

async function greeting(client: DemoClient, url: string): Promise<string> {
  return [
    "The Quietwatch demo is ready, on a store that is removed when it ends (Ctrl+C).",
    `  Dashboard and API  ${url}`,
    `  Sign in (once, within 15 minutes)  ${await client.link("Demo lead", "lead")}`,
  ].join("\n");
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  say("The hour is over; everything stays until you end it.");
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

const dataDir = await mkdtemp(join(tmpdir(), "quietwatch-demo-"));
try {
  await runDemo(dataDir);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  say(`Quietwatch cannot start: ${error.message}`);
  process.exitCode = 1;
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
process.exit();
