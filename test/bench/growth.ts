import { alertBodies } from "./alert-bodies.ts";
import { count, loadCore, serverCore } from "./measure.ts";
import { quietwatch, type Subject } from "./subjects.ts";
import { sendAlerts } from "./wrk.ts";

const batch = 500;
const connections = 8;

/** What memory and disk grow by, and what a large store costs the next alert. */
export async function bench(): Promise<void> {
  await memory();
  await disk("folded flood, 2,000 identities", 2_000, 1_000_000);
  await disk("every alert another group", 100_000, 100_000);
  await large();
}

async function memory(): Promise<void> {
  const server = await quietwatch(serverCore, "/api/v1/alerts");
  const send = sender(server, 2_000);
  await send(100_000);
  await server.settled();
  const first = await server.peakMemory();
  await send(900_000);
  await server.settled();
  const second = await server.peakMemory();
  await server.stop();
  const share = `${(((second - first) / first) * 100).toFixed(1)} % more`;
  console.log(
    `peak memory: ${first.toFixed(0)} MiB after 100,000 alerts, ${second.toFixed(0)} MiB after 1,000,000: ${share}`,
  );
}

async function disk(name: string, identities: number, alerts: number): Promise<void> {
  const server = await quietwatch(serverCore, "/api/v1/alerts");
  const before = await server.bytesOnDisk();
  await sender(server, identities)(alerts);
  await server.settled();
  const grown = (await server.bytesOnDisk()) - before;
  await server.stop();
  console.log(
    `disk, ${name}: ${(grown / alerts).toFixed(0)} bytes an alert over ${count(alerts)}, originals included`,
  );
}

/** The same load into an empty store and into one with five million alerts in 200,000 groups. */
async function large(): Promise<void> {
  const server = await quietwatch(serverCore, "/api/v1/alerts");
  const empty = await rate(server);
  await sender(server, 200_000)(400_000);
  await sender(server, 20_000)(4_600_000);
  await server.settled();
  const full = await rate(server);
  await server.stop();
  console.log(
    `ingest: ${count(empty)} alerts/s into an empty store, ${count(full)} with 5 million alerts and 200,000 groups: ${((full / empty) * 100).toFixed(0)} %`,
  );
}

/** Alerts a second over two million of them, waiting for triage included. */
async function rate(server: Subject): Promise<number> {
  const alerts = 1_000_000;
  const send = sender(server, 2_000);
  await send(200_000);
  await server.settled();
  const started = performance.now();
  await send(alerts);
  await server.settled();
  return alerts / ((performance.now() - started) / 1000);
}

function sender(server: Subject, identities: number): (alerts: number) => Promise<void> {
  const bodies = alertBodies(identities, batch).canonical;
  const load = { url: server.url, headers: server.headers, bodies, connections, core: loadCore };
  return (alerts) => sendAlerts(load, alerts / batch);
}
