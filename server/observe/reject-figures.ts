import type { Registry } from "prom-client";
import { lazyCounter } from "./lazy-counter.ts";

/** What was not taken, by format and reason. */
export interface RejectFigures {
  alert(format: string, code: string): void;
  /** A body of which nothing could be read. */
  body(format: string, code: string): void;
}

type Tally = Map<string, Map<string, number>>;

export function createRejectFigures(registry: Registry): RejectFigures {
  const alerts: Tally = new Map();
  const bodies: Tally = new Map();
  const labelNames = ["format", "code"];
  const ofAlerts = {
    name: "quietwatch_alerts_rejected_total",
    help: "Alerts rejected, by reason",
    labelNames,
  };
  const ofBodies = {
    name: "quietwatch_bodies_refused_total",
    help: "Bodies of which nothing was read",
    labelNames,
  };
  lazyCounter(registry, ofAlerts, () => entriesOf(alerts));
  lazyCounter(registry, ofBodies, () => entriesOf(bodies));
  return {
    alert: (format, code) => add(alerts, format, code),
    body: (format, code) => add(bodies, format, code),
  };
}

/** More formats than that (mappings of the policy come and go) are counted as one. */
const mostFormats = 200;

function add(tally: Tally, format: string, code: string): void {
  const name = tally.has(format) || tally.size < mostFormats ? format : "other";
  const codes = tally.get(name) ?? new Map<string, number>();
  tally.set(name, codes);
  codes.set(code, (codes.get(code) ?? 0) + 1);
}

function* entriesOf(tally: Tally): Iterable<readonly [Record<string, string>, number]> {
  for (const [format, codes] of tally) {
    for (const [code, count] of codes) yield [{ format, code }, count];
  }
}
