import { existsSync } from "node:fs";
import { join } from "node:path";
import { migrate, openStore, type Store } from "../db/client.ts";
import type { Env } from "../env.ts";

/** Runs `work` on the store that the environment names, opened by this process and brought up to date. */
export async function withOwnStore<T>(env: Env, work: (store: Store) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = env;
  const store = await openStore(databaseUrl === null ? { dataDir } : { databaseUrl });
  try {
    await migrate(store);
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Whether there is a store at all; opening one that is not there would make it. */
export function hasOwnStore({ databaseUrl, dataDir }: Env): boolean {
  return databaseUrl !== null || existsSync(join(dataDir, "postgres", "PG_VERSION"));
}
