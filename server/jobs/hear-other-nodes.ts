import type { Store } from "../db/client.ts";
import type { Hub } from "../live/hub.ts";

/** Lets this node hear what other nodes on the same PostgreSQL commit. */
export async function hearOtherNodes({ store, hub }: { store: Store; hub: Hub }): Promise<() => void> {
  if (store.kind === "pglite") return () => undefined;
  const client = await store.pool.connect();
  client.on("notification", () => hub.poke());
  await client.query("listen quietwatch_live");
  return () => client.release(true);
}
