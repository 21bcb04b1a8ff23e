import type pg from "pg";
import { chunkOfAlert } from "../../shared/uuid.ts";
import type { IdempotencyRequest } from "../context.ts";
import { ServiceError } from "../errors.ts";
import { findAnswer, findSeq, isRefusedRow } from "./append.ts";
import type { Accepted, Told } from "./intake.ts";

/** Requests that carry an idempotency key: one at a time for each key, committed once however often they come. */
export interface Once {
  /** Commits, or gives what an earlier request with this key got. */
  submit(actorId: string, request: IdempotencyRequest, commit: () => Promise<Accepted>): Promise<Accepted>;
  earlierAnswer(actorId: string, request: IdempotencyRequest): Promise<Told | null>;
}

export function createOnce(pool: pg.Pool): Once {
  const underway = new Map<string, Promise<unknown>>();

  async function keptAnswer(actorId: string, request: IdempotencyRequest): Promise<Told | null> {
    const kept = await findAnswer(pool, actorId, request);
    if (kept === null || kept.bodyHash === request.bodyHash) return kept?.answer ?? null;
    throw new ServiceError("key_reused", "this Idempotency-Key came before with another body");
  }

  async function keptResult(actorId: string, request: IdempotencyRequest): Promise<Accepted | null> {
    const answer = await keptAnswer(actorId, request);
    if (answer === null) return null;
    const { chunk, place } = chunkOfAlert(answer.receipt);
    return { committed: { chunk, base: place, seq: (await findSeq(pool, chunk)) ?? 0 }, answer };
  }

  return {
    submit: (actorId, request, commit) => {
      const name = nameOf(actorId, request);
      const twin = underway.get(name);
      const commitHere = () =>
        commit().catch(async (error: unknown) => {
          // A twin on another node was faster.
          const faster = isRefusedRow(error) ? await keptResult(actorId, request) : null;
          if (faster === null) throw error;
          return faster;
        });
      const afterTwin = async () => (await keptResult(actorId, request)) ?? commitHere();
      // Without a twin at once, so that requests keep the order in which they came.
      const work = twin === undefined ? commitHere() : twin.then(afterTwin, afterTwin);
      underway.set(name, work);
      return work.finally(() => {
        if (underway.get(name) === work) underway.delete(name);
      });
    },
    earlierAnswer: async (actorId, request) => {
      await underway.get(nameOf(actorId, request))?.catch(() => undefined);
      return keptAnswer(actorId, request);
    },
  };
}

function nameOf(actorId: string, { route, key }: IdempotencyRequest): string {
  return JSON.stringify([actorId, route, key]);
}
