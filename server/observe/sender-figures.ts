import type { Registry } from "prom-client";
import { lazyCounter, lazyTotal } from "./lazy-counter.ts";
import type { RefusalQueue } from "./refusal-queue.ts";
import type { SenderCount, SenderCounts } from "./sender-counts.ts";

const longestLabel = 64;
const labelNames = ["sender", "format"];

const figures = [
  ["quietwatch_intake_requests_total", "Requests that brought alerts", (one) => one.requests],
  ["quietwatch_alerts_received_total", "Alerts in bodies that could be read", (one) => one.received],
  ["quietwatch_alerts_accepted_total", "Alerts committed to the log", (one) => one.accepted],
  ["quietwatch_intake_bytes_total", "Bytes of bodies that were read, unpacked", (one) => one.bytes],
] as const satisfies [string, string, (one: SenderCount) => number][];

/** What came from whom, in which format. */
export function exposeSenders(registry: Registry, senders: SenderCounts): void {
  for (const [name, help, value] of figures) {
    lazyCounter(registry, { name, help, labelNames }, function* () {
      for (const one of senders.all()) yield [labelsOf(one), value(one)];
    });
  }
}

function labelsOf({ actor, format }: SenderCount): Record<string, string> {
  return { sender: actor.name.slice(0, longestLabel), format };
}

/** Whether rejects are shown to people, or were too many for that. */
export function exposeRefusals(registry: Registry, refusals: RefusalQueue): void {
  lazyTotal(registry, "quietwatch_rejects_kept_total", "Rejects kept to be looked at", () => refusals.kept);
  lazyTotal(registry, "quietwatch_rejects_left_out_total", "Rejects counted only", () => refusals.leftOut);
}
