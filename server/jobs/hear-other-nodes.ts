import type pg from "pg";
import type { Store } from "../db/client.ts";
import type { Hub } from "../live/hub.ts";

const againMs = 1_000;

/** Lets this node hear what other nodes on the same PostgreSQL commit, again after a connection that broke. */
export async function hearOtherNodes({ store, hub }: { store: Store; hub: Hub }): Promise<() => void> {
  if (store.kind === "pglite") return () => undefined;
  let ear: pg.PoolClient | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function listen(): Promise<void> {
    const client = await store.pool.connect();
    ear = client;
    client.on("notification", hub.poke);
    client.once("error", () => lose(client));
    try {
      await client.query("listen quietwatch_live");
      // Whatever was said while nobody listened is in the store.
      hub.poke();
    } catch {
      // The connection may have said so too; it is lost once.
      lose(client);
    }
  }

  function lose(client: pg.PoolClient): void {
    if (ear !== client) return;
    ear = null;
    // It may fail more than once while it ends; unheard, that would stop the process.
    client.on("error", () => undefined);
    client.release(true);
    retry();
  }

  function retry(): void {
    if (!isStopped) timer = setTimeout(() => void listen().catch(retry), againMs);
  }

  await listen();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    ear?.release(true);
    ear = null;
  };
}
