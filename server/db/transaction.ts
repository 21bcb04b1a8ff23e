import { drizzle } from "drizzle-orm/node-postgres";
import type pg from "pg";
import type { Db, Queryable, Store } from "./client.ts";
import * as schema from "./schema.ts";

/** A statement that a connection prepares once, by its name. */
export interface Statement {
  name: string;
  text: string;
}

/** A transaction that can also run prepared statements, which are parsed and planned once and not each time. */
export interface Transaction extends Queryable {
  run(statement: Statement, values: unknown[]): Promise<pg.QueryResult>;
}

const transactions = new WeakMap<pg.PoolClient, Transaction>();

/** Commits what `work` does, or nothing of it. */
export async function inTransaction<T>(
  { pool }: Pick<Store, "pool">,
  work: (db: Transaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    const result = await work(transactionOn(client));
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failed: unknown) => {
      broken = failed instanceof Error ? failed : new Error(String(failed));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

function transactionOn(client: pg.PoolClient): Transaction {
  const known = transactions.get(client);
  if (known !== undefined) return known;
  const db: Db = drizzle(client, { schema });
  const run: Transaction["run"] = ({ name, text }, values) => client.query({ name, text, values });
  const made = Object.assign(db, { run });
  transactions.set(client, made);
  return made;
}
