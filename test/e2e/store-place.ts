import { randomUUID } from "node:crypto";
import pg from "pg";
import { openStore, type Store } from "../../server/db/client.ts";
import { type Settings, scratchFolder } from "./launch-server.ts";

/** Where a server of its own process keeps its store, and where the test looks at it after that has ended. */
export interface StorePlace {
  settings: Settings;
  open(): Promise<Store>;
  /** Resolves in the moment in which a transaction of triage is committed; at once where nobody can see it. */
  triaged(): Promise<void>;
  remove(): Promise<void>;
}

export async function folderPlace(): Promise<StorePlace> {
  const { path, remove } = await scratchFolder();
  return {
    settings: { QUIETWATCH_DATA_DIR: path },
    open: () => openStore({ dataDir: path }),
    triaged: async () => undefined,
    remove,
  };
}

/** A database of its own on the PostgreSQL at `baseUrl`. */
export async function databasePlace(baseUrl: string): Promise<StorePlace> {
  const name = `e2e_${randomUUID().replaceAll("-", "")}`;
  await administer(baseUrl, `create database ${name}`);
  const databaseUrl = `${baseUrl}/${name}`;
  return {
    settings: { QUIETWATCH_DATABASE_URL: databaseUrl },
    open: () => openStore({ databaseUrl }),
    triaged: () => notified(databaseUrl),
    remove: () => administer(baseUrl, `drop database ${name} with (force)`),
  };
}

async function notified(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("listen quietwatch_live");
  await new Promise((resolve) => client.once("notification", resolve));
  // Whoever waits for the moment must not wait for the farewell.
  void client.end();
}

async function administer(baseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${baseUrl}/postgres` });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
