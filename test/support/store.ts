import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import pg from "pg";
import { inject } from "vitest";
import { openStore, type Store } from "../../server/db/client.ts";
import { templateDatabase } from "./postgres.ts";

/** Which store the current project tests. */
export const testStoreKind: Store["kind"] = readKind(process.env.QUIETWATCH_TEST_STORE);

/**
 * A migrated, empty store of the current project for one test file: a copy of the run's PGlite dump, or a
 * database of its own made from the run's PostgreSQL template. Closing it takes everything away.
 */
export async function openTestStore(): Promise<Store> {
  return testStoreKind === "pglite" ? openCopy() : openDatabase();
}

async function openCopy(): Promise<Store> {
  const dump = await readFile(inject("pgliteDump"));
  return openStore({ dataDir: null, load: new Blob([new Uint8Array(dump)]) });
}

async function openDatabase(): Promise<Store> {
  const baseUrl = inject("postgresUrl");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await administer(baseUrl, `create database ${name} template ${templateDatabase}`);
  const store = await openStore({ databaseUrl: `${baseUrl}/${name}` });
  const close = async () => {
    await store.close();
    await administer(baseUrl, `drop database ${name} with (force)`);
  };
  return { ...store, close };
}

async function administer(baseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${baseUrl}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function readKind(name: string | undefined): Store["kind"] {
  if (name === "pglite" || name === "postgres") return name;
  throw new Error("a test that needs a store belongs to a room that vitest.config.ts runs on both stores");
}
