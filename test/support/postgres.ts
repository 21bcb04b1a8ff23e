import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate, openStore } from "../../server/db/client.ts";
import { startPostgres } from "./postgres-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Address of the PostgreSQL of this run, without a database. */
    postgresUrl: string;
  }
}

/** Migrated once a run; each test file gets a database made from it. */
export const templateDatabase = "quietwatch_template";

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  try {
    await makeTemplate(server.baseUrl);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("postgresUrl", server.baseUrl);
  return server.stop;
}

async function makeTemplate(baseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${baseUrl}/postgres` });
  await client.connect();
  await client.query(`create database ${templateDatabase}`);
  await client.end();
  const store = await openStore({ databaseUrl: `${baseUrl}/${templateDatabase}` });
  try {
    await migrate(store);
  } finally {
    await store.close();
  }
}
