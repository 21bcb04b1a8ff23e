import type pg from "pg";
import type { ExportTable } from "./export-tables.ts";

const mostRows = 500;
const mostLength = 4 * 1_024 * 1_024;

/** Gathers lines of one table and writes them in one statement, which is one transaction. */
export interface PageInserter {
  /** `line` is the whole line of the export, `row` what was read of it. */
  add(table: ExportTable, row: Readonly<Record<string, unknown>>, line: string): Promise<void>;
  flush(): Promise<void>;
}

interface Page {
  table: ExportTable;
  columns: readonly string[];
  lines: string[];
  length: number;
}

export function createPageInserter(pool: pg.Pool): PageInserter {
  let page: Page | null = null;

  async function flush(): Promise<void> {
    if (page === null) return;
    const { text, values } = insertOf(page);
    page = null;
    await pool.query(text, values);
  }

  return {
    add: async (table, row, line) => {
      const columns = table.columns.filter((column) => column in row);
      if (page !== null && !fits(page, table, columns)) await flush();
      page ??= { table, columns, lines: [], length: 0 };
      page.lines.push(line);
      page.length += line.length;
    },
    flush,
  };
}

function fits(page: Page, table: ExportTable, columns: readonly string[]): boolean {
  if (page.lines.length === mostRows || page.length >= mostLength || page.table !== table) return false;
  return page.columns.length === columns.length && page.columns.every((column, i) => column === columns[i]);
}

/** The database reads the lines itself, so that no number or time passes through JavaScript. */
function insertOf({ table, columns, lines }: Page) {
  const { name, bytes } = table;
  const values = columns.map((column) =>
    bytes.includes(column) ? `decode((line->'row')->>'${column}', 'base64')` : `r.${column}`,
  );
  // Bytes as text would be read as an escape format.
  const plain = `(line->'row') - array[${bytes.map((column) => `'${column}'`).join(", ")}]::text[]`;
  const text = `
    insert into ${name} (${columns.join(", ")})
    select ${values.join(", ")} from jsonb_array_elements($1::jsonb) line,
      jsonb_populate_record(null::${name}, ${plain}) r`;
  return { text, values: [`[${lines.join(",")}]`] };
}
