import pg from "pg";
import type { IdempotencyRequest } from "../context.ts";
import type { Told } from "./intake.ts";

/** One row of the log, and the answers whose repeats it must recognise. */
export interface ChunkRow {
  id: string;
  receivedAt: number;
  alerts: number;
  rawBytes: number;
  bytes: Buffer;
  answers: { actorId: string; request: IdempotencyRequest; answer: Told }[];
}

const insertChunk = `
  with next as (update clock set seq = seq + 1 where name = 'log' returning seq)
  insert into alert_log (id, seq, received_at, alerts, raw_bytes, bytes)
  select $1, next.seq, to_timestamp($2::float8 / 1000), $3, $4, $5 from next returning seq`;

const insertChunkAndAnswers = `
  with next as (update clock set seq = seq + 1 where name = 'log' returning seq),
  kept as (
    insert into idempotency (actor_id, route, key, body_hash, status, answer, created_at)
    select a.actor_id, a.route, a.key, a.body_hash, 202, a.answer::jsonb, to_timestamp($2::float8 / 1000)
    from unnest($6::text[], $7::text[], $8::text[], $9::text[], $10::text[])
      as a(actor_id, route, key, body_hash, answer)
  )
  insert into alert_log (id, seq, received_at, alerts, raw_bytes, bytes)
  select $1, next.seq, to_timestamp($2::float8 / 1000), $3, $4, $5 from next returning seq`;

/**
 * Commits a chunk and gives its place in the log. One statement is one transaction is one file sync.
 * @throws pg.DatabaseError 23505 when one of the idempotency keys is taken
 */
export async function appendChunk(pool: pg.Pool, row: ChunkRow): Promise<number> {
  const values: unknown[] = [row.id, row.receivedAt, row.alerts, row.rawBytes, row.bytes];
  if (row.answers.length === 0) {
    const { rows } = await pool.query({ name: "append", text: insertChunk, values });
    return Number(rows[0].seq);
  }
  values.push(
    row.answers.map(({ actorId }) => actorId),
    row.answers.map(({ request }) => request.route),
    row.answers.map(({ request }) => request.key),
    row.answers.map(({ request }) => request.bodyHash),
    row.answers.map(({ answer }) => JSON.stringify(answer)),
  );
  const { rows } = await pool.query({ name: "append-answers", text: insertChunkAndAnswers, values });
  return Number(rows[0].seq);
}

/**
 * Whether the statement as such cannot be carried out: a key that is taken, a value the store does not hold. Then
 * nothing was committed for certain, which a connection that broke does not say.
 */
export function isRefusedRow(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? "");
}

/** The place of a chunk in the log; null when retention removed it. */
export async function findSeq(pool: pg.Pool, chunk: string): Promise<number | null> {
  const { rows } = await pool.query({ text: "select seq from alert_log where id = $1", values: [chunk] });
  return rows[0] === undefined ? null : Number(rows[0].seq);
}

/** The kept answer of an earlier request with this key, or null. */
export async function findAnswer(
  pool: pg.Pool,
  actorId: string,
  { route, key }: IdempotencyRequest,
): Promise<{ bodyHash: string; answer: Told } | null> {
  const { rows } = await pool.query({
    name: "find-answer",
    text: `select body_hash as "bodyHash", answer from idempotency where actor_id = $1 and route = $2 and key = $3`,
    values: [actorId, route, key],
  });
  return rows[0] ?? null;
}
