import { Histogram, type Registry } from "prom-client";
import { lazyCounter } from "./lazy-counter.ts";

/** One turn of triage. */
export interface Turned {
  seconds: number;
  alerts: number;
  /** Groups that began with it. */
  created: number;
}

export function createTurnFigures(registry: Registry): (turn: Turned) => void {
  const duration = new Histogram({
    name: "quietwatch_triage_turn_duration_seconds",
    help: "Time to decide and write one stretch of the log",
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const turnAlerts = new Histogram({
    name: "quietwatch_triage_turn_alerts",
    help: "Alerts in one turn of triage",
    buckets: [1, 10, 100, 1_000, 10_000, 100_000, 400_000],
    registers: [registry],
  });
  let folded = 0;
  let created = 0;
  lazyCounter(
    registry,
    {
      name: "quietwatch_triaged_alerts_total",
      help: "Alerts triaged by this process: those that began a group, and those that folded into one",
      labelNames: ["result"],
    },
    () => [
      [{ result: "new_group" }, created],
      [{ result: "folded" }, folded],
    ],
  );
  return (turn) => {
    duration.observe(turn.seconds);
    turnAlerts.observe(turn.alerts);
    created += turn.created;
    folded += turn.alerts - turn.created;
  };
}
