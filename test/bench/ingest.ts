import { alertBodies } from "./alert-bodies.ts";
import { alertmanager, bareHandler, quietwatch, type Subject } from "./subjects.ts";
import { type LoadResult, sendLoad } from "./wrk.ts";

const serverCore = 0;
const loadCore = 1;
const identities = 2_000;
const seconds = 8;
const shapes = [
  { batch: 1, connections: 64 },
  { batch: 50, connections: 16 },
  { batch: 500, connections: 8 },
] as const;

interface Row extends LoadResult {
  subject: string;
  alertsPerSecond: number;
  peakMiB: number;
}

/** Alerts a second into Alertmanager's memory, into our log on disk, and into a handler that only parses. */
export async function bench(): Promise<void> {
  console.log(`ingest: ${identities} identities, server on one core, wrk on the other, ${seconds} s each`);
  console.log("batch  server                       alerts/s   ratio   p50 ms   p99 ms   peak MiB  failures");
  for (const { batch, connections } of shapes) {
    const bodies = alertBodies(identities, batch);
    const rows = [
      await measure("alertmanager", () => alertmanager(serverCore), bodies.alertmanager, batch, connections),
      await measure("bare handler", () => bareHandler(serverCore), bodies.canonical, batch, connections),
      await measure(
        "quietwatch",
        () => quietwatch(serverCore, "/api/v1/alerts"),
        bodies.canonical,
        batch,
        connections,
      ),
      await measure(
        "quietwatch as alertmanager",
        () => quietwatch(serverCore, "/compat/alertmanager/api/v2/alerts"),
        bodies.alertmanager,
        batch,
        connections,
      ),
    ];
    const reference = rows[0]?.alertsPerSecond ?? 1;
    for (const row of rows) print(batch, row, row.alertsPerSecond / reference);
  }
}

async function measure(
  subject: string,
  start: () => Promise<Subject>,
  bodies: string[],
  batch: number,
  connections: number,
): Promise<Row> {
  const server = await start();
  try {
    const load = { url: server.url, headers: server.headers, bodies, connections, core: loadCore };
    await sendLoad({ ...load, seconds: 2 });
    const result = await sendLoad({ ...load, seconds });
    const peakMiB = await server.peakMemory();
    return { ...result, subject, alertsPerSecond: result.requestsPerSecond * batch, peakMiB };
  } finally {
    await server.stop();
  }
}

function print(batch: number, row: Row, ratio: number): void {
  const cells = [
    String(batch).padStart(5),
    row.subject.padEnd(27),
    Math.round(row.alertsPerSecond).toLocaleString("en").padStart(9),
    `${ratio.toFixed(2)}×`.padStart(7),
    row.p50Ms.toFixed(1).padStart(8),
    row.p99Ms.toFixed(1).padStart(8),
    row.peakMiB.toFixed(0).padStart(10),
    String(row.failures).padStart(9),
  ];
  console.log(cells.join(" "));
}
