import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { credential, pairing, signInLink } from "../../server/db/schema.ts";
import { ensurePartitions } from "../../server/jobs/ensure-partitions.ts";
import { prune } from "../../server/jobs/prune.ts";
import { schedule } from "../../server/jobs/schedule.ts";
import { act, alertOf, done, read, startTestServer, type TestServer, until } from "../support/test-server.ts";

const day = 86_400_000;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

const partitionsOf = async (table: string) => {
  const { rows } = await server.store.pool.query(
    "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = $1::regclass",
    [table],
  );
  return rows.map(({ relname }) => String(relname)).sort();
};

describe("partitions", () => {
  it("are there for this month and two ahead, made once however many nodes ask at a time", async () => {
    await Promise.all([
      ensurePartitions(server.deps),
      ensurePartitions(server.deps),
      ensurePartitions(server.deps),
    ]);
    for (const table of ["alert_log", "alert_index", "audit"]) {
      const months = ["202603", "202604", "202605"].map((month) => `${table}_${month}`);
      expect(await partitionsOf(table)).toEqual([...months, `${table}_default`]);
    }
    await ensurePartitions(server.deps);
    expect(await partitionsOf("audit")).toHaveLength(4);
  });

  it("take what belongs to their month", async () => {
    const [march = ""] = await server.send({});
    await done(act(server.admin, march, "acknowledge"));
    server.pass(31 * day);
    await server.send({});
    const { rows } = await server.store.pool.query(
      `select tableoid::regclass::text as name, count(*)::int as rows from alert_log group by 1
       union all select tableoid::regclass::text, count(*)::int from alert_index group by 1
       union all select tableoid::regclass::text, count(*)::int from audit where item_id is not null group by 1 order by 1`,
    );
    expect(rows).toEqual(
      [
        "alert_index_202603",
        "alert_index_202604",
        "alert_log_202603",
        "alert_log_202604",
        "audit_202603",
      ].map((name) => ({ name, rows: 1 })),
    );
  });

  it("that are missing leave alerts in the default one, and are not made around them", async () => {
    server.pass(200 * day);
    const alert = alertOf();
    const [id = ""] = await server.send(alert);
    await ensurePartitions(server.deps);
    const { rows } = await server.store.pool.query("select count(*)::int as rows from alert_log_default");
    expect(rows).toEqual([{ rows: 1 }]);
    server.pass(31 * day);
    expect(await server.send(alert)).toEqual([id]);
    const { items } = await read<{ items: unknown[] }>(await server.admin.get(`/api/v1/groups/${id}/alerts`));
    expect(items).toHaveLength(2);
  });
});

describe("pruning", () => {
  it("forgets kept answers after a day and credentials a month after their end", async () => {
    const { db, pool } = server.store;
    const at = (ms: number) => new Date(server.now() + ms);
    const key = { "Idempotency-Key": "kept" };
    expect((await server.admin.post("/api/v1/alerts", alertOf(), key)).status).toBe(202);
    await pool.query("delete from credential");
    const rights = {
      kind: "api" as const,
      name: "a token",
      scopes: [],
      createdBy: "a test",
      createdAt: at(0),
    };
    await db.insert(credential).values([
      { id: crypto.randomUUID(), hash: "old", expiresAt: at(-30 * day), ...rights },
      { id: crypto.randomUUID(), hash: "young", expiresAt: at(-30 * day + 5_000), ...rights },
    ]);
    const expired = { createdAt: at(-2 * day), expiresAt: at(-1 * day) };
    await db.insert(signInLink).values({ hash: "link", personId: crypto.randomUUID(), ...expired });
    await db
      .insert(pairing)
      .values({ deviceHash: "device", userCode: "code", client: "c", status: "pending", ...expired });
    const rest = async () => {
      const { rows } = await pool.query(
        `select key as name from idempotency union all select hash from credential
         union all select hash from sign_in_link union all select device_hash from pairing order by 1`,
      );
      return rows.map(({ name }) => name);
    };
    await prune(server.deps);
    expect(await rest()).toEqual(["device", "kept", "link", "old", "young"]);
    server.pass(1);
    await prune(server.deps);
    expect(await rest()).toEqual(["kept", "young"]);
    server.pass(day);
    await prune(server.deps);
    expect(await rest()).toEqual([]);
  });
});

describe("the schedule", () => {
  it("never runs a job twice at once, logs its failures, and waits for it when it ends", async () => {
    let [running, most, runs, ended] = [0, 0, 0, false];
    const slow = async () => {
      running += 1;
      runs += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 30));
      running -= 1;
      ended = running === 0;
    };
    const failing = async () => {
      throw new Error("no luck");
    };
    const jobs = [
      { name: "slow", everyMs: 5, run: slow },
      { name: "failing", everyMs: 5, run: failing },
    ];
    const stop = schedule(jobs, server.deps.log);
    await until(async () => (runs > 2 ? true : null));
    await stop();
    expect([most, ended]).toEqual([1, true]);
    const failures = server.logged.filter(({ type }) => type === "job.failed");
    expect(failures.length).toBeGreaterThan(1);
    expect(failures[0]?.fields).toEqual({ job: "failing", message: "no luck" });
    const [at] = [runs];
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(runs).toBe(at);
  });
});
