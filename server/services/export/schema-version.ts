import type { Store } from "../../db/client.ts";

/** When the newest migration of the store was made, in epoch milliseconds: later ones are larger. */
export async function readSchemaVersion({ pool }: Pick<Store, "pool">): Promise<number> {
  const { rows } = await pool.query("select max(created_at) as newest from drizzle.__drizzle_migrations");
  return Number(rows[0]?.newest);
}
