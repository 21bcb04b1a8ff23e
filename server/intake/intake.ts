import type { Alert } from "../../shared/alert.ts";
import { alertUuid, chunkCapacity, chunkUuid } from "../../shared/uuid.ts";
import type { Clock } from "../clock.ts";
import type { IdempotencyRequest } from "../context.ts";
import type { Store } from "../db/client.ts";
import { OverloadedError, UnavailableError } from "../errors.ts";
import type { Observe } from "../observe/observe.ts";
import { isRefusedRow } from "./append.ts";
import { type Appender, createAppender } from "./appender.ts";
import type { Backlog } from "./backlog.ts";
import { packChunk } from "./chunk.ts";
import type { Entry } from "./entry.ts";
import { createGathering } from "./gather.ts";
import { createHeavySenders } from "./heavy-senders.ts";
import { createOnce } from "./once.ts";
import type { ReadAlerts, RecentChunks } from "./recent-chunks.ts";
import { createTurns } from "./turns.ts";

/** What a sender is told, with the id of its first alert. */
export interface Told {
  receipt: string;
}

/** A request whose alerts were read and are to be committed. */
export interface Submission extends Entry {
  /** By place; null where the alert was rejected. */
  alerts: (Alert | null)[];
  idempotency: IdempotencyRequest | null;
  /** What the sender is told; kept under its idempotency key. */
  answer(receipt: string): Told;
}

export interface Committed {
  chunk: string;
  /** Place of the request's first alert in the chunk. */
  base: number;
  seq: number;
}

export interface Accepted {
  committed: Committed;
  answer: Told;
}

/** Takes requests in; `submit` resolves only after their alerts are committed to the log. */
export interface Intake {
  /** @throws OverloadedError; ServiceError key_reused */
  submit(submission: Submission): Promise<Accepted>;
  /**
   * The answer an earlier request with this key got; waits for one that is on its way.
   * @throws ServiceError key_reused
   */
  earlierAnswer(actorId: string, request: IdempotencyRequest): Promise<Told | null>;
  /** Resolves when it is this sender's turn to have so many bytes read. */
  turn(sender: string, bytes: number): Promise<void>;
  readonly backlog: Backlog;
  readonly observe: Observe;
  readonly appender: Pick<Appender, "fault" | "probe">;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
}

/** A submission whose alerts are held as triage needs them. */
interface Waiting extends Omit<Submission, "alerts"> {
  read: ReadAlerts;
  resolve(result: Accepted): void;
  reject(error: unknown): void;
}

const chunkBytes = 8 * 1024 * 1024;
const waitingBytes = 64 * 1024 * 1024;

export interface IntakeParts {
  store: Store;
  clock: Clock;
  backlog: Backlog;
  recent: RecentChunks;
  observe: Observe;
  /** Called after each commit with what it added. */
  committed(): void;
}

export function createIntake(parts: IntakeParts): Intake {
  const waiting: Waiting[] = [];
  const gathering = createGathering();
  const turns = createTurns();
  const heavy = createHeavySenders(parts.clock);
  const once = createOnce(parts.store.pool);
  const appender = createAppender(parts.store);
  let bytes = 0;
  let running: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await gathering.ready(() => waiting.length);
      const batch = takeBatch(waiting);
      gathering.committed(batch.length);
      await commitBatch({ ...parts, appender }, batch);
      for (const { body } of batch) bytes -= body.length;
    }
    running = null;
  }

  /** What waits already may still go well. */
  function refuseWhenAway(): void {
    if (!appender.isInDoubt) return;
    throw new UnavailableError(`the store ${appender.fault}; nothing of this request was kept`, 2);
  }

  /** Whoever sends much is asked to wait first; the rest above the limit is kept for all others. */
  function refuseWhenFull(sender: string, more: number): void {
    const { backlog } = parts;
    const isFull = backlog.full || bytes + more > waitingBytes;
    const isOver = backlog.over || bytes + more > waitingBytes * 1.25;
    if (!isOver && !(isFull && heavy.isHeavy(sender))) return;
    throw new OverloadedError("the backlog is full; send again later, nothing of this request was kept", 2);
  }

  async function enqueue(submission: Submission): Promise<Accepted> {
    const { alerts, ...rest } = submission;
    refuseWhenAway();
    refuseWhenFull(rest.header.actorId, rest.body.length);
    bytes += rest.body.length;
    heavy.sent(rest.header.actorId, alerts.length);
    const read = parts.recent.shared(alerts);
    return new Promise((resolve, reject) => {
      waiting.push({ ...rest, read, resolve, reject });
      gathering.joined(waiting.length);
      running ??= drain();
    });
  }

  return {
    backlog: parts.backlog,
    appender,
    observe: parts.observe,
    submit: (submission) => {
      const { idempotency, header } = submission;
      if (idempotency === null) return enqueue(submission);
      return once.submit(header.actorId, idempotency, () => enqueue(submission));
    },
    turn: async (sender, bytes) => turns.take(sender, bytes),
    earlierAnswer: once.earlierAnswer,
    idle: async () => {
      while (running !== null) await running;
    },
  };
}

function takeBatch(waiting: Waiting[]): Waiting[] {
  let taken = 0;
  let bytes = 0;
  let places = 0;
  for (const { body, read } of waiting) {
    bytes += body.length;
    places += read.alerts.length;
    if (taken > 0 && (bytes > chunkBytes || places > chunkCapacity)) break;
    taken += 1;
  }
  return waiting.splice(0, taken);
}

type CommitParts = IntakeParts & { appender: Appender };

async function commitBatch(parts: CommitParts, batch: Waiting[]): Promise<void> {
  try {
    await commit(parts, batch);
  } catch (error) {
    if (batch.length > 1 && isRefusedRow(error)) {
      // One taken idempotency key must not fail its neighbours.
      for (const one of batch) await commitBatch(parts, [one]);
      return;
    }
    for (const { reject } of batch) reject(error);
  }
}

async function commit(parts: CommitParts, batch: Waiting[]): Promise<void> {
  const receivedAt = parts.clock();
  const chunk = chunkUuid(receivedAt);
  const started = performance.now();
  let base = 0;
  const placed = batch.map((one) => {
    const entry = { ...one, base, places: one.read.alerts.length };
    base += entry.places;
    return { ...entry, told: one.answer(alertUuid(chunk, entry.base)) };
  });
  const { bytes, rawBytes } = await packChunk(placed);
  const kept = placed.flatMap(({ idempotency, header, told }) =>
    idempotency === null ? [] : [{ actorId: header.actorId, request: idempotency, answer: told }],
  );
  const seq = await parts.appender.append({
    id: chunk,
    receivedAt,
    alerts: base,
    rawBytes,
    bytes,
    answers: kept,
  });
  const seconds = (performance.now() - started) / 1_000;
  parts.observe.committed({ seconds, requests: batch.length, alerts: base, rawBytes, bytes: bytes.length });
  parts.backlog.add(base);
  parts.recent.put(
    { id: chunk, seq },
    placed.map(({ header, base, read }) => ({ header, base, ...read })),
  );
  parts.committed();
  for (const { resolve, base, told } of placed) resolve({ committed: { chunk, base, seq }, answer: told });
}
