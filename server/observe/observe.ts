import { Registry } from "prom-client";
import { type Commit, createCommitFigures } from "./commit-figures.ts";
import { createProcessFigures } from "./process-figures.ts";
import { createRefusalQueue, type RefusalQueue } from "./refusal-queue.ts";
import { createRejectFigures, type RejectFigures } from "./reject-figures.ts";
import { createRequestFigures, type RequestFigures } from "./request-figures.ts";
import { createSenderCounts, type SenderCounts } from "./sender-counts.ts";
import { exposeRefusals, exposeSenders } from "./sender-figures.ts";
import { createTurnFigures, type Turned } from "./turn-figures.ts";

/**
 * What the process knows of its own work since it started. Counting is a few additions a request, commit or turn of
 * triage; everything else happens when somebody asks.
 */
export interface Observe {
  readonly senders: SenderCounts;
  readonly rejects: RejectFigures;
  readonly refusals: RefusalQueue;
  readonly requests: RequestFigures;
  /** A chunk was committed to the log. */
  committed(commit: Commit): void;
  /** A stretch of the log was triaged. */
  turned(turn: Turned): void;
  /** All figures, to be read as Prometheus text. */
  readonly registry: Registry;
}

export interface ObserveOptions {
  /** Also the figures of the process: memory, processor, event loop. */
  process?: boolean;
}

export function createObserve({ process = false }: ObserveOptions = {}): Observe {
  const registry = new Registry();
  const senders = createSenderCounts();
  const refusals = createRefusalQueue();
  exposeSenders(registry, senders);
  exposeRefusals(registry, refusals);
  if (process) createProcessFigures(registry);
  return {
    registry,
    senders,
    refusals,
    rejects: createRejectFigures(registry),
    requests: createRequestFigures(registry),
    committed: createCommitFigures(registry),
    turned: createTurnFigures(registry),
  };
}
