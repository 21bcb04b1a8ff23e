import type pg from "pg";
import type { ExportTable } from "./export-tables.ts";

export type Reader = Pick<pg.Pool | pg.PoolClient, "query">;

/** The clocks when the export began; what only grows is read up to here. */
export type Bounds = Readonly<Record<"log" | "triage", string>>;

export async function readBounds(reader: Reader): Promise<Bounds> {
  const { rows } = await reader.query<{ name: string; seq: string }>("select name, seq from clock");
  const seqOf = (name: string) => rows.find((row) => row.name === name)?.seq ?? "0";
  return { log: seqOf("log"), triage: seqOf("triage") };
}

/**
 * A table as lines of the export, a page at a time. Rows are made into JSON by the database, so that no number or
 * time passes through JavaScript. `count` is told how many rows each page had.
 */
export async function* tableLines(
  reader: Reader,
  table: ExportTable,
  bounds: Bounds,
  count: (rows: number) => void,
): AsyncGenerator<string> {
  let after: string[] | null = null;
  for (;;) {
    const { text, values } = pageQuery(table, bounds, after);
    const { rows }: pg.QueryResult<{ row: string; key: string[] }> = await reader.query(text, values);
    if (rows.length > 0) yield rows.map(({ row }) => `{"table":"${table.name}","row":${row}}\n`).join("");
    count(rows.length);
    after = rows.at(-1)?.key ?? null;
    if (rows.length < table.pageRows || after === null) return;
  }
}

function pageQuery(
  { name, key, bytes, pageRows, upTo, only }: ExportTable,
  bounds: Bounds,
  after: string[] | null,
) {
  const values: string[] = [];
  const value = (text: string, type: string) => `$${values.push(text)}::${type}`;
  const keys = key.map((column) => `t.${column.name}`).join(", ");
  const conditions = [
    ...(only === null ? [] : [only]),
    ...(upTo === null ? [] : [`t.${upTo.column} <= ${value(bounds[upTo.clock], "bigint")}`]),
    ...(after === null
      ? []
      : [`(${keys}) > (${key.map(({ type }, i) => value(after[i] ?? "", type)).join(", ")})`]),
  ];
  const encoded = bytes.map((column) => `'${column}', translate(encode(t.${column}, 'base64'), E'\\n', '')`);
  const row = bytes.length === 0 ? "to_jsonb(t)" : `to_jsonb(t) || jsonb_build_object(${encoded.join(", ")})`;
  const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
  const text = `select (${row})::text as row, array[${key.map((column) => `t.${column.name}::text`).join(", ")}] as key
    from ${name} t ${where} order by ${keys} limit ${pageRows}`;
  return { text, values };
}
