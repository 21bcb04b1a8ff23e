import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { ask, type Connection, refusalOf, sentenceOf } from "./connection.ts";
import { attemptOf, type Posted, postedOf } from "./post-batch.ts";
import { passingStatus, retryWait } from "./retry-wait.ts";
import type { ShipBatch } from "./ship-batch.ts";
import { CliError } from "./verb.ts";

/** `split`: nothing of it was taken, and smaller batches may be. */
export type ShipOutcome = Posted | "split";

/**
 * Sends a batch until it is answered, however long that takes.
 * @throws StoppedError, CliError when the server refuses the sender and not the alerts
 */
export type ShipPost = (batch: ShipBatch, key: string) => Promise<ShipOutcome>;

/** It was asked to stop; what was sent last may or may not have arrived. */
export class StoppedError extends Error {}

export interface PostParts {
  connection: Connection;
  path: string;
  /** No new attempt is made. */
  stopping: AbortSignal;
  /** An attempt that is on its way is given up. */
  hurry: AbortSignal;
  say(sentence: string): void;
}

const pack = promisify(gzip);
const tellAgainMs = 60_000;

export function createShipPost(parts: PostParts): ShipPost {
  return async (batch, key) => {
    const body = new Uint8Array(await pack(batch.body));
    const headers = {
      "Content-Type": batch.contentType,
      "Content-Encoding": "gzip",
      "Idempotency-Key": key,
    };
    const response = await untilAnswered(parts, () =>
      ask(parts.connection, parts.path, { method: "POST", headers, body, signal: parts.hurry }),
    );
    return outcomeOf(response, batch);
  };
}

async function untilAnswered({ stopping, say }: PostParts, send: () => Promise<Response>): Promise<Response> {
  let told: number | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const response = await attemptOf(send);
    if (response instanceof Response && !passingStatus(response.status)) {
      if (told !== null) say("the server takes alerts again");
      return response;
    }
    const answer = response instanceof Response ? response : null;
    const why =
      response instanceof Response
        ? sentenceOf(response.status, await refusalOf(response))
        : response.message;
    if (!stopping.aborted && (told === null || performance.now() - told > tellAgainMs)) {
      say(`${why}; trying again until it does`);
      told = performance.now();
    }
    await sleep(retryWait(attempt, answer), undefined, { signal: stopping }).catch(() => {
      throw new StoppedError("stopped");
    });
  }
}

async function outcomeOf(response: Response, { offsets }: ShipBatch): Promise<ShipOutcome> {
  if (response.ok) return postedOf(response, { lines: offsets });
  const { status } = response;
  const again = response.clone();
  const refusal = await refusalOf(again);
  // The key names the content, so the first body was the same; only its compression may have differed.
  if (refusal?.code === "key_reused") return { accepted: 0, rejected: [], refused: 0 };
  if (status === 401 || status === 403) {
    throw new CliError(`the server does not let this token send (${status}): ${sentenceOf(status, refusal)}`);
  }
  if (status === 400 || status === 413) {
    if (offsets.length > 1) return "split";
    return { accepted: 0, rejected: [{ index: 0, message: sentenceOf(status, refusal) }], refused: 1 };
  }
  if (refusal?.code === "unknown_format" && refusal.issues === undefined) throw new CliError(refusal.message);
  return postedOf(response, { lines: offsets });
}
