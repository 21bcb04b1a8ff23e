import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { demoActs } from "./demo-acts.ts";
import { demoAlerts, minutesBefore } from "./demo-alerts.ts";
import type { DemoClient } from "./demo-client.ts";

const slotMs = 20_000;
const minuteMs = 60_000;

/** Stands at the time that is being played until `catchUp`, and goes with the real one from then on. */
export interface DemoClock {
  now: Clock;
  moveTo(time: number): void;
  catchUp(): void;
}

export function createDemoClock(start: number): DemoClock {
  let at: number | null = start - minutesBefore * minuteMs;
  return {
    now: () => at ?? Date.now(),
    moveTo: (time) => {
      at = time;
    },
    catchUp: () => {
      at = null;
    },
  };
}

export interface Hour {
  /** Plays what has been, as fast as the server takes it, unless `signal` says stop. */
  past(signal: AbortSignal): Promise<void>;
  /** Plays the rest as it comes, until it is over or `signal` says stop. */
  rest(signal: AbortSignal): Promise<void>;
}

/** The hour around `start`. */
export function createHour(client: DemoClient, clock: DemoClock, start: number): Hour {
  const alerts = demoAlerts(start);
  const acts = demoActs(start);

  async function playUntil(time: number): Promise<void> {
    const due = alerts.findIndex(({ at }) => at > time);
    await client.send(alerts.splice(0, due === -1 ? alerts.length : due));
    while (acts[0] !== undefined && acts[0].at <= time) {
      const [act] = acts.splice(0, 1);
      if (act !== undefined) await client.act(act);
    }
  }

  return {
    past: async (signal) => {
      for (let time = clock.now(); time < start && !signal.aborted; time += slotMs) {
        clock.moveTo(time);
        await playUntil(time);
      }
      clock.catchUp();
    },
    rest: async (signal) => {
      while (!signal.aborted && (alerts.length > 0 || acts.length > 0)) {
        await playUntil(Date.now());
        await sleep(1_000, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
