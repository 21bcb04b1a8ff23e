import type { Store } from "../../db/client.ts";

const patienceMs = 2_000;

/** Whether the store answers within two seconds. */
export async function isReady(store: Store): Promise<boolean> {
  const late = new Promise<false>((resolve) => setTimeout(resolve, patienceMs, false).unref());
  const answered = store.pool.query("select 1").then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]);
}
