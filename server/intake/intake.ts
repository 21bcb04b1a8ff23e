import type { Alert } from "../../shared/alert.ts";
import { alertUuid, chunkCapacity, chunkUuid } from "../../shared/uuid.ts";
import type { Clock } from "../clock.ts";
import type { IdempotencyRequest } from "../context.ts";
import type { Store } from "../db/client.ts";
import { OverloadedError, ServiceError } from "../errors.ts";
import { appendChunk, findAnswer } from "./append.ts";
import type { Backlog } from "./backlog.ts";
import { type PlacedEntry, packChunk } from "./chunk.ts";
import type { Entry } from "./entry.ts";
import type { RecentChunks } from "./recent-chunks.ts";

/** A request whose alerts were read and are to be committed. */
export interface Submission extends Entry {
  /** By place; null where the alert was rejected. */
  alerts: (Alert | null)[];
  idempotency: IdempotencyRequest | null;
  /** What the sender is told; kept under its idempotency key. */
  answer(receipt: string): unknown;
}

export interface Committed {
  chunk: string;
  /** Place of the request's first alert in the chunk. */
  base: number;
  seq: number;
}

/** Takes requests in; `submit` resolves only after their alerts are committed to the log. */
export interface Intake {
  submit(submission: Submission): Promise<{ committed: Committed; answer: unknown }>;
  /** The answer an earlier request with this key got; waits for one that is on its way. */
  earlierAnswer(actorId: string, request: IdempotencyRequest): Promise<unknown | null>;
  readonly backlog: Backlog;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

interface Waiting {
  submission: Submission;
  resolve(result: { committed: Committed; answer: unknown }): void;
  reject(error: unknown): void;
}

const chunkBytes = 8 * 1024 * 1024;
const waitingBytes = 64 * 1024 * 1024;

export interface IntakeParts {
  store: Store;
  clock: Clock;
  backlog: Backlog;
  recent: RecentChunks;
  /** Called after each commit with what it added. */
  committed(): void;
}

export function createIntake(parts: IntakeParts): Intake {
  const waiting: Waiting[] = [];
  const underway = new Map<string, Promise<unknown>>();
  let bytes = 0;
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    // A tick lets requests that arrived together be committed together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = takeBatch(waiting);
      await commitBatch(parts, batch);
      for (const { submission } of batch) bytes -= submission.body.length;
    }
    running = null;
  }

  function enqueue(submission: Submission): Promise<{ committed: Committed; answer: unknown }> {
    if (parts.backlog.full || bytes + submission.body.length > waitingBytes) {
      throw new OverloadedError("the backlog is full; send again later, nothing of this request was kept", 2);
    }
    bytes += submission.body.length;
    return new Promise((resolve, reject) => {
      waiting.push({ submission, resolve, reject });
      running ??= drain();
    });
  }

  return {
    backlog: parts.backlog,
    submit: async (submission) => {
      const { idempotency, header } = submission;
      if (idempotency === null) return enqueue(submission);
      const name = JSON.stringify([header.actorId, idempotency.route, idempotency.key]);
      const work = enqueue(submission);
      underway.set(name, work);
      return work.finally(() => underway.delete(name));
    },
    earlierAnswer: async (actorId, request) => {
      await underway.get(JSON.stringify([actorId, request.route, request.key]))?.catch(() => undefined);
      const kept = await findAnswer(parts.store.pool, actorId, request);
      if (kept === null || kept.bodyHash === request.bodyHash) return kept?.answer ?? null;
      throw new ServiceError("key_reused", "this Idempotency-Key came before with another body");
    },
    idle: async () => {
      while (running !== null) await running;
    },
  };
}

function takeBatch(waiting: Waiting[]): Waiting[] {
  let taken = 0;
  let bytes = 0;
  let places = 0;
  for (const { submission } of waiting) {
    bytes += submission.body.length;
    places += submission.alerts.length;
    if (taken > 0 && (bytes > chunkBytes || places > chunkCapacity)) break;
    taken += 1;
  }
  return waiting.splice(0, taken);
}

async function commitBatch(parts: IntakeParts, batch: Waiting[]): Promise<void> {
  try {
    await commit(parts, batch);
  } catch (error) {
    if (batch.length === 1) return batch[0]?.reject(error);
    // One taken idempotency key must not fail its neighbours.
    for (const one of batch) await commitBatch(parts, [one]);
  }
}

async function commit(parts: IntakeParts, batch: Waiting[]): Promise<void> {
  const receivedAt = parts.clock();
  const chunk = chunkUuid(receivedAt);
  let base = 0;
  const entries = batch.map(({ submission }): PlacedEntry & { alerts: (Alert | null)[] } => {
    const { header, body, alerts } = submission;
    const entry = { header, body, alerts, base, places: alerts.length };
    base += alerts.length;
    return entry;
  });
  const { bytes, rawBytes } = await packChunk(entries);
  const answers = batch.map(({ submission }, i) =>
    submission.answer(alertUuid(chunk, entries[i]?.base ?? 0)),
  );
  const kept = batch.flatMap(({ submission: { idempotency, header } }, i) =>
    idempotency === null ? [] : [{ actorId: header.actorId, request: idempotency, answer: answers[i] }],
  );
  const seq = await appendChunk(parts.store.pool, {
    id: chunk,
    receivedAt,
    alerts: base,
    rawBytes,
    bytes,
    answers: kept,
  });
  parts.backlog.add(base);
  parts.recent.put(chunk, entries, rawBytes);
  parts.committed();
  for (const [i, { resolve }] of batch.entries()) {
    resolve({ committed: { chunk, base: entries[i]?.base ?? 0, seq }, answer: answers[i] });
  }
}
