import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { openStore, type Store } from "../../server/db/client.ts";
import { type Settings, scratchFolder } from "./launch-server.ts";

/** Where a server of its own process keeps its store, and where the test looks at it after that has ended. */
export interface StorePlace {
  settings: Settings;
  open(): Promise<Store>;
  /**
   * Holds triage up in the midst of its writes, before a table that differs by `turn`, and resolves when it waits
   * there. What it gives lets go again, once the server is dead. Null where a store has room for one session only.
   */
  holdTriage(turn: number): Promise<(() => Promise<void>) | null>;
  remove(): Promise<void>;
}

export async function folderPlace(): Promise<StorePlace> {
  const { path, remove } = await scratchFolder();
  return {
    settings: { QUIETWATCH_DATA_DIR: path },
    open: () => openStore({ dataDir: path }),
    holdTriage: async () => null,
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
    holdTriage: (turn) => holdTriage(databaseUrl, turn),
    remove: () => administer(baseUrl, `drop database ${name} with (force)`),
  };
}

/** In the order in which triage comes to them. */
const held = [
  "select 1 from clock where name = 'triage' for update",
  "lock table alert_index in exclusive mode",
  "lock table item_event in exclusive mode",
  "lock table tally in exclusive mode",
  "lock table item in exclusive mode",
];

async function holdTriage(connectionString: string, turn: number): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("begin");
  await client.query(held[Math.floor(turn / 2) % held.length] ?? "");
  const waiting = `from pg_stat_activity
    where datname = current_database() and application_name = 'quietwatch' and wait_event_type = 'Lock'`;
  for (let rows = 0; rows === 0; ) {
    rows = (await client.query(`select 1 ${waiting}`)).rowCount ?? 0;
    if (rows === 0) await sleep(5);
  }
  return async () => {
    // A session that waits does not see that its client is gone, and would write once it may.
    await client.query(`select pg_terminate_backend(pid) ${waiting}`);
    await client.query("rollback");
    await client.end();
  };
}

async function administer(baseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${baseUrl}/postgres` });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
