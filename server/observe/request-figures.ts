import type { Registry } from "prom-client";
import { lazyCounter, lazyTotal } from "./lazy-counter.ts";

/** Requests by what they are for, and what they were answered. */
export interface RequestFigures {
  answered(routeClass: string, status: number): void;
  /** Somebody was not let in. */
  refused(reason: string): void;
}

const overloaded = 503;

export function createRequestFigures(registry: Registry): RequestFigures {
  const byClass = new Map<string, Map<number, number>>();
  const byReason = new Map<string, number>();
  let overloads = 0;
  const ofRequests = { name: "quietwatch_http_requests_total", help: "Requests answered" };
  lazyCounter(registry, { ...ofRequests, labelNames: ["route_class", "status"] }, function* () {
    for (const [routeClass, statuses] of byClass) {
      for (const [status, count] of statuses) {
        yield [{ route_class: routeClass, status: String(status) }, count];
      }
    }
  });
  const ofRefusals = { name: "quietwatch_auth_refusals_total", help: "Requests that were not let in" };
  lazyCounter(registry, { ...ofRefusals, labelNames: ["reason"] }, function* () {
    for (const [reason, count] of byReason) yield [{ reason }, count];
  });
  lazyTotal(
    registry,
    "quietwatch_overload_answers_total",
    "Requests told to come again (503), because of overload or of a store that is away",
    () => overloads,
  );
  return {
    answered: (routeClass, status) => {
      const statuses = byClass.get(routeClass) ?? new Map<number, number>();
      if (statuses.size === 0) byClass.set(routeClass, statuses);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      // A store that does not answer makes /readyz say the same.
      if (status === overloaded && routeClass !== "health") overloads += 1;
    },
    refused: (reason) => void byReason.set(reason, (byReason.get(reason) ?? 0) + 1),
  };
}
