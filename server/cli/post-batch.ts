import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { IntakeAnswer } from "../../shared/alert.ts";
import { answerOf, ask, type Connection, refusalOf, sentenceOf, UnreachableError } from "./connection.ts";
import { retryWait } from "./retry-wait.ts";
import type { Batch } from "./send-batches.ts";
import { CliError } from "./verb.ts";

/** What became of a batch; `index` counts the alerts that the server found in it. */
export interface Posted {
  accepted: number;
  rejected: { index: number; message: string }[];
  /** Alerts that were refused; more than `rejected` when the server did not name all. */
  refused: number;
}

const mostAttempts = 10;
/** Behind a proxy these mean that the server was not reached, or too slow. */
const passing = new Set([502, 503, 504]);

/**
 * Posts a batch, again and again while the server is not there or asks to wait. All attempts carry one
 * idempotency key, so that an answer that was lost on its way does not double anything.
 * @throws CliError when the server refuses it for another reason than its alerts, or for good
 */
export async function postBatch(connection: Connection, path: string, batch: Batch): Promise<Posted> {
  const headers = { "Content-Type": batch.contentType, "Idempotency-Key": randomUUID() };
  for (let attempt = 1; ; attempt += 1) {
    const response = await attemptOf(() =>
      ask(connection, path, { method: "POST", headers, body: batch.body }),
    );
    if (response instanceof Response && !passing.has(response.status)) return postedOf(response, batch);
    if (attempt === mostAttempts) {
      if (response instanceof UnreachableError) throw response;
      throw new CliError(`gave up after ${attempt} attempts: ${sentenceOf(response.status, null)}`);
    }
    await sleep(retryWait(attempt, response instanceof Response ? response : null));
  }
}

export async function attemptOf(send: () => Promise<Response>): Promise<Response | UnreachableError> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof UnreachableError) return error;
    throw error;
  }
}

/** @throws CliError when it was refused for another reason than its alerts */
export async function postedOf(response: Response, { lines }: Pick<Batch, "lines">): Promise<Posted> {
  if (response.ok) {
    const { accepted, rejected } = answerOf<IntakeAnswer>(await response.json());
    return { accepted, rejected, refused: rejected.length };
  }
  const refusal = await refusalOf(response);
  if (refusal?.code !== "invalid_alert" && refusal?.code !== "unknown_format") {
    throw new CliError(sentenceOf(response.status, refusal));
  }
  const rejected = (refusal.issues ?? []).map(({ path, message }) => ({ index: Number(path), message }));
  return { accepted: 0, rejected, refused: Math.max(lines.length, rejected.length) };
}
