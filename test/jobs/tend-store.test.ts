import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "../../server/db/client.ts";
import { tendStore } from "../../server/jobs/tend-store.ts";
import { openTestStore } from "../support/store.ts";

let store: Store;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const figures = async () => {
  const { rows } = await store.pool.query(
    "select n_dead_tup::int as dead, last_vacuum, last_analyze from pg_stat_user_tables where relname = 'tally'",
  );
  return rows[0];
};

describe("tending the store", () => {
  it("clears dead rows and renews statistics where the store has nobody else for it", async () => {
    await store.pool.query(`insert into tally
      select to_timestamp(i), 'probe', 'production', '', 0, 0, 0 from generate_series(1, 8000) i`);
    for (const more of [1, 2, 3]) await store.pool.query("update tally set received = received + $1", [more]);
    // Counters are told once a second at the most, unless asked for.
    await store.pool.query("select pg_stat_force_next_flush()");
    const tended = await tendStore({ store });
    if (store.kind === "postgres") return expect(tended).toEqual([]);
    expect(tended).toContain("tally");
    expect(await figures()).toEqual({
      dead: 0,
      last_vacuum: expect.any(Date),
      last_analyze: expect.any(Date),
    });
    expect(await tendStore({ store })).toEqual([]);
  });
});
