import { alertBodies } from "./alert-bodies.ts";
import { count, loadCore, measure, type Row, type Shape, serverCore } from "./measure.ts";
import { pinTo } from "./pin-to.ts";
import { sendSteadily } from "./steady.ts";
import { alertmanager, bareHandler, onPostgres, quietwatch, type Subject } from "./subjects.ts";

const seconds = 8;
const shapes: readonly Shape[] = [
  { batch: 1, connections: 64 },
  { batch: 50, connections: 16 },
  { batch: 500, connections: 8 },
];
/** The last is more than is sent in the time: every alert is another one. */
const identities = [2_000, 20_000, 500_000] as const;

type Body = "canonical" | "alertmanager";
type Candidate = [name: string, start: () => Promise<Subject>, body: Body];

/** Alerts a second into Alertmanager's memory, into our log on disk, and into a handler that only parses. */
export async function bench(): Promise<void> {
  console.log(
    `ingest: server on one core, generator on the other, ${seconds} s each after 3 s; 202 is committed`,
  );
  await steady();
  for (const known of identities) for (const shape of shapes) await compare(known, shape);
}

async function compare(known: number, shape: Shape): Promise<void> {
  const bodies = alertBodies(known, shape.batch);
  console.log(`\n${count(known)} identities, batch ${shape.batch}, ${shape.connections} connections`);
  console.log("server                          alerts/s   ratio   p50 ms   p99 ms   peak MiB  failures");
  let reference: number | null = null;
  for (const [name, start, body] of candidates(known)) {
    const row = await measure(start, bodies[body], shape, seconds);
    reference ??= row.alertsPerSecond;
    print(name, row, row.alertsPerSecond / reference);
  }
}

function candidates(known: number): Candidate[] {
  const postgres = () => onPostgres(serverCore, (url) => quietwatch(serverCore, "/api/v1/alerts", url));
  const ours: Candidate[] = [
    ["alertmanager", () => alertmanager(serverCore), "alertmanager"],
    ["quietwatch, embedded store", () => quietwatch(serverCore, "/api/v1/alerts"), "canonical"],
    ["quietwatch, PostgreSQL", postgres, "canonical"],
  ];
  if (known !== identities[0]) return ours;
  const path = "/compat/alertmanager/api/v2/alerts";
  return [
    ...ours,
    ["quietwatch as alertmanager", () => quietwatch(serverCore, path), "alertmanager"],
    ["handler that only parses", () => bareHandler(serverCore), "canonical"],
  ];
}

/** How long a sender waits while 2,000 alerts a second come one by one. */
async function steady(): Promise<void> {
  console.log("\n2,000 alerts a second, one a request, 2,000 identities");
  console.log("server                        p50 ms   p99 ms  failures");
  await pinTo(loadCore);
  for (const [name, start] of candidates(0)) {
    const server = await start();
    const bodies = alertBodies(2_000, 1)[name === "alertmanager" ? "alertmanager" : "canonical"];
    const load = { url: server.url, headers: server.headers, bodies, perSecond: 2_000 };
    await sendSteadily({ ...load, seconds: 5 });
    const { p50Ms, p99Ms, failures } = await sendSteadily({ ...load, seconds: 15 });
    console.log(
      `${name.padEnd(28)} ${p50Ms.toFixed(1).padStart(7)} ${p99Ms.toFixed(1).padStart(8)} ${String(failures).padStart(9)}`,
    );
    await server.stop();
  }
}

function print(name: string, row: Row, ratio: number): void {
  const cells = [
    name.padEnd(28),
    count(row.alertsPerSecond).padStart(11),
    `${ratio.toFixed(2)}×`.padStart(7),
    row.p50Ms.toFixed(1).padStart(8),
    row.p99Ms.toFixed(1).padStart(8),
    row.peakMiB.toFixed(0).padStart(10),
    String(row.failures).padStart(9),
  ];
  console.log(cells.join(" "));
}
