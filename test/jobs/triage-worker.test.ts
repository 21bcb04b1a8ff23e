import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBacklog } from "../../server/intake/backlog.ts";
import { readLog } from "../../server/intake/log.ts";
import { createRecentChunks } from "../../server/intake/recent-chunks.ts";
import { hearOtherNodes } from "../../server/jobs/hear-other-nodes.ts";
import { startTriage, type TriageWorker } from "../../server/jobs/triage-worker.ts";
import { createHub } from "../../server/live/hub.ts";
import { applyLog, readWatermark } from "../../server/services/triage/apply-log.ts";
import { createGroupCache } from "../../server/services/triage/group-cache.ts";
import { createContentReader } from "../../server/triage/content.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import { testStoreKind } from "../support/store.ts";
import { alertOf, emptyStore, startTestServer, type TestServer, until } from "../support/test-server.ts";

let server: TestServer;
const workers: TriageWorker[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  server.committed.listener = () => {};
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  await emptyStore(server.store);
});

afterAll(() => server.close());

interface Node {
  worker: TriageWorker;
  failures: string[];
}

function node(): Node {
  const failures: string[] = [];
  const worker = startTriage({
    ...server.deps,
    recent: createRecentChunks(),
    backlog: createBacklog(server.store.pool, 1_000_000),
    log: (_level, type, fields) => void failures.push(`${type} ${fields?.message}`),
  });
  workers.push(worker);
  return { worker, failures };
}

const post = async (...alerts: Record<string, unknown>[]) =>
  expect((await server.admin.post("/api/v1/alerts", alerts)).status).toBe(202);

async function countOf(rule: unknown): Promise<number> {
  const { rows } = await server.store.pool.query("select count from item where rule = $1", [rule]);
  return Number(rows[0]?.count ?? 0);
}

const counted = (rule: unknown, wanted: number) =>
  until(async () => ((await countOf(rule)) === wanted ? true : null));

/** Ends the sessions that hold the triage lock or listen, as a database that restarts does. */
const breakConnections = () =>
  server.store.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
     and pid <> pg_backend_pid() and (query like 'listen%' or pid in (select pid from pg_locks where locktype = 'advisory'))`,
  );

describe("the triage worker", () => {
  it("triages what is committed soon, and what waited for it", async () => {
    const alert = alertOf();
    await post(alert, alert);
    const { worker } = node();
    server.committed.listener = worker.poke;
    await counted(alert.rule, 2);
    const started = performance.now();
    await post(alert);
    await counted(alert.rule, 3);
    // Sooner than it would look without being told.
    expect(performance.now() - started).toBeLessThan(4_500);
  });

  it("sweeps also while alerts never cease", async () => {
    const { worker } = node();
    server.committed.listener = worker.poke;
    const expired = {
      labels: { alertname: "Ceased", env: "prod" },
      startsAt: new Date(server.now()).toISOString(),
      endsAt: new Date(server.now() + 60_000).toISOString(),
    };
    await server.admin.post("/compat/alertmanager/api/v2/alerts", [expired]);
    await counted("Ceased", 1);
    server.pass(60_000);
    let flows = true;
    const flood = (async () => {
      while (flows) await post(...new Array(200).fill(alertOf({ rule: "flood" })));
    })();
    await until(async () => {
      const { rows } = await server.store.pool.query("select cleared from item where rule = 'Ceased'");
      return rows[0]?.cleared ? true : null;
    }).finally(() => {
      flows = false;
    });
    await flood;
  });

  it("goes on after a failure, with exact counts", async () => {
    const { pool } = server.store;
    const alert = alertOf({ entities: [{ type: "host", value: "crash", role: "target" }] });
    await pool.query(
      `create function boom() returns trigger language plpgsql as 'begin raise exception ''boom''; end'`,
    );
    await pool.query(
      "create trigger boom before insert or update on tally for each row execute function boom()",
    );
    await post(alert, alert, alertOf());
    const { worker, failures } = node();
    server.committed.listener = worker.poke;
    await until(async () => (failures.length > 0 ? true : null));
    expect(failures[0]).toContain("triage.failed");
    for (const table of ["item", "item_entity", "item_event", "alert_index", "detector", "tally"]) {
      const { rows } = await pool.query(`select count(*)::int as rows from ${table}`);
      expect([table, rows[0]?.rows]).toEqual([table, 0]);
    }
    await pool.query("drop trigger boom on tally");
    await pool.query("drop function boom");
    await counted(alert.rule, 2);
    const { rows } = await pool.query(
      "select sum(received)::int as received, sum(created)::int as created from tally",
    );
    expect(rows).toEqual([{ received: 3, created: 2 }]);
  });
});

describe("applying the log", () => {
  const parts = () => ({
    store: server.store,
    policy: defaultPolicy,
    cache: createGroupCache(),
    contentOf: createContentReader(defaultPolicy),
  });

  it("twice from one watermark is refused, and counts once", async () => {
    const alert = alertOf();
    await post(alert, alert, alert);
    const after = await readWatermark(server.store);
    const chunks = await readLog(server.store.pool, createRecentChunks(), after, 1_000);
    const results = await Promise.allSettled([
      applyLog(parts(), after, chunks),
      applyLog(parts(), after, chunks),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(applyLog(parts(), after, chunks)).rejects.toThrow("another worker triages");
    expect(await countOf(alert.rule)).toBe(3);
  });

  it("that breaks midway leaves nothing, also not in memory, and gives exact counts when tried again", async () => {
    const alert = alertOf({ entities: [{ type: "host", value: "midway", role: "target" }] });
    const own = parts();
    const apply = async () => {
      const after = await readWatermark(server.store);
      await applyLog(own, after, await readLog(server.store.pool, createRecentChunks(), after, 1_000));
    };
    await post(alert);
    await apply();
    await post(alert, alertOf(), alert);
    const watermark = await readWatermark(server.store);
    await server.store.pool.query("alter table item add constraint boom check (count < 2) not valid");
    for (let i = 0; i < 3; i += 1) await expect(apply()).rejects.toThrow();
    await server.store.pool.query("alter table item drop constraint boom");
    expect(await readWatermark(server.store)).toBe(watermark);
    expect(await countOf(alert.rule)).toBe(1);
    await apply();
    expect(await countOf(alert.rule)).toBe(3);
    const { rows } = await server.store.pool.query("select sum(received)::int as received from tally");
    expect(rows).toEqual([{ received: 4 }]);
  });
});

describe("of several nodes on one PostgreSQL", () => {
  beforeEach((context) => {
    context.skip(testStoreKind === "pglite", "the embedded store has one process");
  });

  it("one triages, and another takes over when it stops", async () => {
    const alert = alertOf();
    const nodes = [node(), node()];
    await post(alert);
    await counted(alert.rule, 1);
    await nodes[0]?.worker.stop();
    await post(alert);
    await counted(alert.rule, 2);
    await nodes[1]?.worker.stop();
    expect(nodes.flatMap(({ failures }) => failures)).toEqual([]);
  });

  it("none falls with its connection, and triage and hearing go on", async () => {
    const hub = createHub();
    const deaf = await hearOtherNodes({ store: server.store, hub });
    let heard = 0;
    hub.listen(() => {
      heard += 1;
    });
    const alert = alertOf();
    node();
    await post(alert);
    await counted(alert.rule, 1);
    for (let i = 0; i < 2; i += 1) {
      await breakConnections();
      await post(alert);
      await counted(alert.rule, 2 + i);
    }
    await until(async () => {
      heard = 0;
      await post(alertOf());
      await new Promise((resolve) => setTimeout(resolve, 300));
      return heard > 0 ? true : null;
    });
    deaf();
  });
});
