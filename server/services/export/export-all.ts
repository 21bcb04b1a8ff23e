import type { Clock } from "../../clock.ts";
import { type Context, requireScope } from "../../context.ts";
import type { Store } from "../../db/client.ts";
import { NotAllowedError } from "../../errors.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { credentialTable, type ExportTable, exportTables } from "./export-tables.ts";
import { readSchemaVersion } from "./schema-version.ts";
import { createSpool } from "./spool.ts";
import { type Bounds, type Reader, readBounds, tableLines } from "./table-rows.ts";

export const exportFormat = "quietwatch-export";
export const exportVersion = 1;

export interface ExportOptions {
  /** Hashes of API tokens too. */
  withCredentials: boolean;
}

export type ExportContext = Pick<Context, "db" | "clock" | "actor" | "requestId">;

/**
 * Everything as NDJSON: a header, rows, and a last line that says how many there were of each table, without which
 * it is not whole.
 */
export async function exportAll(
  ctx: ExportContext,
  store: Store,
  { withCredentials }: ExportOptions,
): Promise<AsyncGenerator<string | Buffer>> {
  requireScope(ctx, "data:export");
  if (withCredentials) requireScope(ctx, "tokens:manage");
  if (ctx.actor.environments !== null || ctx.actor.services !== null) {
    throw new NotAllowedError("everything can be exported only by who sees everything");
  }
  await writeAudit(ctx, { verb: "data.export", details: { withCredentials } });
  const tables = withCredentials ? [...exportTables, credentialTable] : exportTables;
  return exportLines(store, ctx.clock, tables);
}

type Count = Record<string, number>;

async function* exportLines(
  store: Store,
  clock: Clock,
  tables: readonly ExportTable[],
): AsyncGenerator<string | Buffer> {
  const counts: Count = {};
  const schema = await readSchemaVersion(store);
  const at = new Date(clock()).toISOString();
  yield `${JSON.stringify({ format: exportFormat, version: exportVersion, schema, at })}\n`;
  yield* store.kind === "postgres" ? fromSnapshot(store, tables, counts) : overSpool(store, tables, counts);
  yield `${JSON.stringify({ end: true, counts })}\n`;
}

/** One snapshot for all of it; nobody waits for it, however slow its reader is. */
async function* fromSnapshot(
  store: Store,
  tables: readonly ExportTable[],
  counts: Count,
): AsyncGenerator<string> {
  const client = await store.pool.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    yield* linesOf(client, tables, await readBounds(client), counts);
  } finally {
    await client.query("rollback").finally(() => client.release());
  }
}

/**
 * The embedded store has one connection, and a transaction that waits for a slow reader would stop intake. So only
 * what changes is read in one transaction, to the disk, as fast as it goes: groups and all that people did, together
 * with the clocks. The log and its index are only added to, under numbers that those clocks gave out: afterwards they
 * are read in short pages up to the clocks as they were, while intake and triage go on. An import thus has groups just
 * as triage left them at its watermark, and triages what lies between the watermark and the end of the log.
 */
async function* overSpool(
  store: Store,
  tables: readonly ExportTable[],
  counts: Count,
): AsyncGenerator<string | Buffer> {
  const spool = await createSpool();
  const changing = tables.filter(({ upTo }) => upTo === null);
  const bounds = await spoolChanging(store, changing, counts, spool.write).catch(async (error: unknown) => {
    await spool.drop();
    throw error;
  });
  yield* spool.read();
  const growing = tables.filter(({ upTo }) => upTo !== null);
  yield* linesOf(store.pool, growing, bounds, counts);
}

async function spoolChanging(
  store: Store,
  tables: readonly ExportTable[],
  counts: Count,
  write: (text: string) => Promise<void>,
): Promise<Bounds> {
  const client = await store.pool.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    const bounds = await readBounds(client);
    for await (const lines of linesOf(client, tables, bounds, counts)) await write(lines);
    return bounds;
  } finally {
    await client.query("rollback").finally(() => client.release());
  }
}

async function* linesOf(
  reader: Reader,
  tables: readonly ExportTable[],
  bounds: Bounds,
  counts: Count,
): AsyncGenerator<string> {
  for (const table of tables) {
    counts[table.name] = 0;
    const count = (rows: number) => {
      counts[table.name] = (counts[table.name] ?? 0) + rows;
    };
    yield* tableLines(reader, table, bounds, count);
  }
}
