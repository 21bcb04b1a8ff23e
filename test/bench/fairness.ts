import { alertBodies } from "./alert-bodies.ts";
import { loadCore, serverCore } from "./measure.ts";
import { sendSteadily } from "./steady.ts";
import { onPostgres, quietwatch, type Subject } from "./subjects.ts";
import { sendLoad } from "./wrk.ts";

const seconds = 12;

/** How long a quiet detector waits for its 202, alone and while another one floods with a token of its own. */
export async function bench(): Promise<void> {
  console.log("fairness: 20 alerts a second from one detector, p99 ms alone and beside a flood");
  console.log("store            flood            alone     beside    ratio  failures");
  const stores: [string, () => Promise<Subject>][] = [
    ["embedded", () => quietwatch(serverCore, "/api/v1/alerts")],
    ["PostgreSQL", () => onPostgres(serverCore, (url) => quietwatch(serverCore, "/api/v1/alerts", url))],
  ];
  for (const [store, start] of stores) {
    for (const shape of [
      { batch: 1, connections: 64 },
      { batch: 500, connections: 8 },
    ]) {
      const server = await start();
      await compare(store, server, shape);
      await server.stop();
    }
  }
}

async function compare(store: string, server: Subject, shape: { batch: number; connections: number }) {
  const [quietToken, floodToken] = [await server.token("quiet"), await server.token("flood")];
  const quiet = {
    url: server.url,
    headers: { ...server.headers, Authorization: `Bearer ${quietToken}` },
    bodies: alertBodies(20, 1).canonical,
    perSecond: 20,
  };
  const flood = {
    url: server.url,
    headers: { ...server.headers, Authorization: `Bearer ${floodToken}` },
    bodies: alertBodies(2_000, shape.batch).canonical,
    connections: shape.connections,
    core: loadCore,
  };
  await sendSteadily({ ...quiet, seconds: 3 });
  const alone = await sendSteadily({ ...quiet, seconds });
  const flooding = sendLoad({ ...flood, seconds: seconds + 6 });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const beside = await sendSteadily({ ...quiet, seconds });
  await flooding;
  const cells = [
    store.padEnd(16),
    `${shape.connections} × ${shape.batch}`.padEnd(12),
    alone.p99Ms.toFixed(1).padStart(9),
    beside.p99Ms.toFixed(1).padStart(10),
    `${(beside.p99Ms / alone.p99Ms).toFixed(1)}×`.padStart(8),
    String(beside.failures).padStart(9),
  ];
  console.log(cells.join(" "));
}
