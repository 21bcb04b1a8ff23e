import type { Subject } from "./subjects.ts";
import { type LoadResult, sendLoad } from "./wrk.ts";

/** The processors that the server and the generator may use. */
export const serverCore = 0;
export const loadCore = 1;

export interface Shape {
  batch: number;
  connections: number;
}

export interface Row extends LoadResult {
  alertsPerSecond: number;
  peakMiB: number;
}

/** Starts a server, warms it up, sends as fast as it takes, and stops it. */
export async function measure(
  start: () => Promise<Subject>,
  bodies: string[],
  { batch, connections }: Shape,
  seconds: number,
): Promise<Row> {
  const server = await start();
  try {
    const load = { url: server.url, headers: server.headers, bodies, connections, core: loadCore };
    await sendLoad({ ...load, seconds: 3 });
    const result = await sendLoad({ ...load, seconds });
    return {
      ...result,
      alertsPerSecond: result.requestsPerSecond * batch,
      peakMiB: await server.peakMemory(),
    };
  } finally {
    await server.stop();
  }
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}
