import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type PgTable } from "drizzle-orm/pg-core";
import { reject, sender, senderHour } from "../../db/intake-tables.ts";
import { quarantine } from "../../db/quarantine-tables.ts";
import * as schema from "../../db/schema.ts";
import { askedAction, change, heartbeat } from "../../db/sender-tables.ts";
import { silence } from "../../db/silence-tables.ts";

/** How one table is written to an export and read from it. */
export interface ExportTable {
  name: string;
  columns: readonly string[];
  /** The primary key, by which it is read in pages. */
  key: readonly { name: string; type: string }[];
  /** Columns of bytes, base64 in the export. */
  bytes: readonly string[];
  pageRows: number;
  /** Rows are only ever added, up to a number that a clock gives out; null where rows change. */
  upTo: { column: string; clock: "log" | "triage" } | null;
  /** Which rows leave the store; null is all. */
  only: string | null;
}

function table(
  of: PgTable,
  { pageRows = 500, upTo = null, only = null }: Partial<Pick<ExportTable, "pageRows" | "upTo" | "only">> = {},
): ExportTable {
  const { name, columns, primaryKeys } = getTableConfig(of);
  const keyNames = primaryKeys[0]?.columns.map((column) => column.name);
  const key = columns.filter((column) => keyNames?.includes(column.name) ?? column.primary);
  return {
    name,
    columns: Object.values(getTableColumns(of)).map((column) => column.name),
    key: key.map((column) => ({ name: column.name, type: column.getSQLType() })),
    bytes: columns.filter((column) => column.getSQLType() === "bytea").map((column) => column.name),
    pageRows,
    upTo,
    only,
  };
}

/** In the order of the export: what changes first, then what only grows. */
export const exportTables: readonly ExportTable[] = [
  table(schema.clock, { only: "name in ('log', 'live', 'triage')" }),
  table(schema.item),
  table(schema.itemEntity),
  table(schema.itemEvent),
  table(schema.note),
  table(schema.action),
  table(schema.actionItem),
  table(schema.audit),
  table(schema.detector),
  table(schema.tally),
  table(schema.person),
  table(schema.policyVersion),
  table(silence),
  table(heartbeat),
  table(change),
  table(quarantine),
  // A chunk may hold 10 MiB.
  table(schema.alertLog, { pageRows: 2, upTo: { column: "seq", clock: "log" } }),
  table(schema.alertIndex, { pageRows: 20, upTo: { column: "seq_to", clock: "triage" } }),
];

/** Hashes of API tokens, on demand only; whoever is signed in signs in again. */
export const credentialTable = table(schema.credential, { only: "kind = 'api'" });

/** Never exported: what lives for minutes or days, and sign-ins. */
export const leftOut: readonly string[] = [
  schema.signInLink,
  schema.pairing,
  schema.idempotency,
  askedAction,
  reject,
  sender,
  senderHour,
].map((of) => getTableConfig(of).name);
