import type pg from "pg";
import * as v from "valibot";
import type { Store } from "../../db/client.ts";
import { InvalidError, ServiceError } from "../../errors.ts";
import { exportFormat, exportVersion } from "./export-all.ts";
import { credentialTable, type ExportTable, exportTables, leftOut } from "./export-tables.ts";
import { createPageInserter } from "./insert-page.ts";
import { readSchemaVersion } from "./schema-version.ts";

const Header = v.object({ format: v.literal(exportFormat), version: v.number(), schema: v.number() });
const Row = v.object({ table: v.string(), row: v.record(v.string(), v.unknown()) });
const End = v.object({ end: v.literal(true), counts: v.record(v.string(), v.number()) });

/** Rows of each table. */
export type ImportCounts = Readonly<Record<string, number>>;

const tables: readonly ExportTable[] = [...exportTables, credentialTable];
/** Stands in `clock` while an import is under way, so that one that was killed is told from a store in use. */
const marker = "import";

/** Whether an import into this store was killed on the way. */
export async function hasHalfAnImport(store: Store): Promise<boolean> {
  const { rowCount } = await store.pool.query("select 1 from clock where name = $1", [marker]);
  return rowCount !== 0;
}

/**
 * Fills an empty store from the lines of an export, a transaction a page. The clocks are set last, together with the
 * proof that every row is there; whatever goes wrong before leaves the store empty again.
 * @throws InvalidError when the store is not empty or the export is not whole
 */
export async function importAll(store: Store, lines: AsyncIterable<string>): Promise<ImportCounts> {
  await requireEmpty(store);
  await store.pool.query("insert into clock (name, seq) values ($1, 1) on conflict do nothing", [marker]);
  try {
    return await importLines(store, lines);
  } catch (error) {
    await emptyAgain(store);
    if (error instanceof ServiceError || !isDatabaseError(error)) throw error;
    throw new InvalidError(`the store refuses a row: ${error.message}`);
  }
}

async function importLines(store: Store, lines: AsyncIterable<string>): Promise<ImportCounts> {
  const inserter = createPageInserter(store.pool);
  const clocks: Record<string, unknown>[] = [];
  const counts: Record<string, number> = Object.fromEntries(tables.map(({ name }) => [name, 0]));
  let end: v.InferOutput<typeof End> | null = null;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1) {
      await requireHeader(store, line);
      continue;
    }
    if (end !== null) throw new InvalidError(`line ${number} comes after the end`);
    const value = parseLine(line, number);
    if (v.is(End, value)) {
      end = value;
      continue;
    }
    const { table, row } = readRow(value, number);
    counts[table.name] = (counts[table.name] ?? 0) + 1;
    if (table.name === "clock") clocks.push(row);
    else await inserter.add(table, row, line);
  }
  await inserter.flush();
  if (end === null) throw new InvalidError("the export ends too early: its last line is missing");
  await finish(store, clocks, counts, end.counts);
  return counts;
}

async function requireHeader(store: Store, line: string): Promise<void> {
  const header = v.safeParse(Header, parseLine(line, 1));
  if (!header.success) throw new InvalidError("this is no export of Quietwatch");
  const { version, schema } = header.output;
  if (version > exportVersion || schema > (await readSchemaVersion(store))) {
    throw new InvalidError("the export was written by a newer release; import it with that one");
  }
}

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new InvalidError(`line ${number} is damaged: it is not JSON`);
  }
}

function readRow(value: unknown, number: number) {
  const found = v.safeParse(Row, value);
  const table = found.success ? tables.find(({ name }) => name === found.output.table) : undefined;
  if (!found.success || table === undefined) throw new InvalidError(`line ${number} is no row of a table`);
  const strange = Object.keys(found.output.row).find((column) => !table.columns.includes(column));
  if (strange === undefined) return { table, row: found.output.row };
  throw new InvalidError(`line ${number}: ${table.name} has no ${strange.slice(0, 64)}`);
}

async function requireEmpty(store: Store): Promise<void> {
  const { pool } = store;
  if (await hasHalfAnImport(store)) return emptyAgain({ pool });
  for (const name of filled) {
    const { rows } = await pool.query(`select exists(select 1 from ${name}) as taken`);
    if (rows[0].taken) {
      throw new InvalidError("the store is not empty; import into a new data folder or database");
    }
  }
}

const filled: readonly string[] = [...tables.map(({ name }) => name), ...leftOut].filter(
  (name) => name !== "clock",
);

async function emptyAgain({ pool }: Pick<Store, "pool">): Promise<void> {
  await pool.query(`truncate ${filled.join(", ")}`);
  await pool.query("update clock set seq = 0");
  await pool.query("delete from clock where name = $1", [marker]);
}

async function finish(
  store: Store,
  clocks: Record<string, unknown>[],
  seen: ImportCounts,
  said: ImportCounts,
): Promise<void> {
  const wrong = tables.find(({ name }) => (seen[name] ?? 0) !== (said[name] ?? 0));
  if (wrong !== undefined) {
    throw new InvalidError(
      `the export is damaged: it has ${seen[wrong.name]} of ${said[wrong.name] ?? 0} rows of ${wrong.name}`,
    );
  }
  const client = await store.pool.connect();
  try {
    await client.query("begin");
    await requireStored(client, seen);
    const rows = JSON.stringify(clocks);
    await client.query(
      `insert into clock (name, seq) select name, seq from jsonb_populate_recordset(null::clock, $1::jsonb)
       on conflict (name) do update set seq = excluded.seq`,
      [rows],
    );
    await client.query("delete from clock where name = $1", [marker]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

async function requireStored(client: pg.PoolClient, seen: ImportCounts): Promise<void> {
  for (const { name } of tables) {
    if (name === "clock") continue;
    const { rows } = await client.query(`select count(*)::float8 as rows from ${name}`);
    if (rows[0].rows !== seen[name]) {
      throw new InvalidError(`${name} holds ${rows[0].rows} rows and should hold ${seen[name]}`);
    }
  }
}

function isDatabaseError(error: unknown): error is Error {
  return error instanceof Error && "severity" in error;
}
