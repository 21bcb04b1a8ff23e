import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IntakeAnswer } from "../../shared/alert.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { expectExactlyOnce } from "./exactly-once.ts";
import { asAdmin, caughtUp, type LaunchedServer, launchServer } from "./launch-server.ts";
import { type Batch, startLoad } from "./load.ts";
import { databasePlace, type StorePlace } from "./store-place.ts";
import { allGroups, originalsOf } from "./stored-state.ts";
import { until } from "./until.ts";

let postgres: PostgresServer;
const servers: LaunchedServer[] = [];
const places: StorePlace[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill("SIGKILL")));
  for (const place of places) await place.remove();
  await postgres.stop();
});

async function freshPlace(): Promise<StorePlace> {
  const place = await databasePlace(postgres.baseUrl);
  places.push(place);
  return place;
}

async function launch({ settings }: StorePlace): Promise<LaunchedServer> {
  const server = await launchServer(settings);
  servers.push(server);
  return server;
}

async function ready(url: string) {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, body: await answer.json() };
}

const isReady = (url: string) => until(async () => expect((await ready(url)).status).toBe(200));

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1/alerts`, {
    method: "POST",
    headers: { ...asAdmin, "Content-Type": "application/json", ...headers },
    body,
  });

/** Who holds the triage lock and who listens, of the sessions on this database. */
async function sessions({ settings }: StorePlace): Promise<{ locks: number; ears: number }> {
  const client = new pg.Client({ connectionString: settings.QUIETWATCH_DATABASE_URL });
  await client.connect();
  const { rows } = await client.query(`
    select count(*) filter (where pid in (select pid from pg_locks where locktype = 'advisory' and granted))::int
        as locks,
      count(*) filter (where query = 'listen quietwatch_live')::int as ears
    from pg_stat_activity where datname = current_database() and application_name = 'quietwatch'`);
  await client.end();
  return rows[0];
}

async function expectAllStored(url: string, batches: readonly Batch[]): Promise<void> {
  await caughtUp(url);
  const groups = await allGroups(url);
  const originals = await originalsOf(url, groups);
  const alerts = expectExactlyOnce(batches, [...originals.values()].flat());
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(alerts);
}

describe("PostgreSQL that is restarted under load", () => {
  it("costs nothing that was accepted; health is red meanwhile, and all comes back by itself", async () => {
    const place = await freshPlace();
    const server = await launch(place);
    await isReady(server.url);
    const load = startLoad(4);
    load.target(server.url);
    for (const mode of ["fast", "immediate", "immediate"] as const) {
      await load.answered();
      await sleep(200 + Math.random() * 600);
      await postgres.halt(mode);
      const red = await ready(server.url);
      expect(red).toMatchObject({
        status: 503,
        body: { status: "not ready", checks: { store: { ok: false } } },
      });
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      const refused = await until(async () => {
        const answer = await post(server.url, '{"source":"s","rule":"r","title":"t","severity":"low"}');
        expect(answer.status).toBe(503);
        return answer;
      });
      expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ error: { code: "unavailable" } });
      await postgres.start();
      await load.answered();
      await isReady(server.url);
    }
    await until(async () => expect(await sessions(place)).toEqual({ locks: 1, ears: 1 }));
    await load.finish();
    expect(load.batches.filter(({ receipt }) => receipt === null)).toEqual([]);
    await expectAllStored(server.url, load.batches);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});

/** Sends the same requests with the same keys to all nodes, and others to one of them each. */
function floodAll(nodes: LaunchedServer[]) {
  const batches: Batch[] = [];
  let flows = true;
  const sender = async (name: string, isShared: boolean) => {
    for (let turn = 0; flows; turn += 1) {
      const names = Array.from({ length: 1 + (turn % 20) }, (_, i) => `${name}.${turn}.${i}`);
      const batch: Batch = { names, key: `key-${name}-${turn}`, receipt: null };
      const targets = isShared ? nodes : nodes.slice(turn % nodes.length).slice(0, 1);
      batches.push(batch);
      const receipts = await Promise.all(targets.map(({ url }) => receiptOf(url, batch)));
      const told = new Set(receipts.filter((receipt) => receipt !== null));
      // A twin gets the answer that the first one got.
      expect(told.size).toBeLessThanOrEqual(1);
      batch.receipt = [...told][0] ?? null;
      if (batch.receipt === null) batch.key = null;
    }
  };
  const work = Promise.all([
    ...["a", "b", "c"].map((name) => sender(name, true)),
    ...["d", "e"].map((name) => sender(name, false)),
  ]);
  const stop = async () => {
    flows = false;
    await work;
  };
  return { batches, stop };
}

/** Null when the node is dead. */
async function receiptOf(url: string, { names, key }: Batch): Promise<string | null> {
  const alerts = names.map((name, i) => ({
    source: "flood",
    rule: `rule-${i % 7}`,
    title: `Rule met ${name}`,
    severity: "medium",
    labels: { name },
    raw: { name },
  }));
  const answer = await post(url, JSON.stringify(alerts), { "Idempotency-Key": key ?? "" }).catch(() => null);
  if (answer === null) return null;
  const text = await answer.text();
  if (answer.status !== 202) throw new Error(`${answer.status} ${text}`);
  const { receipt }: IntakeAnswer = JSON.parse(text);
  return receipt;
}

async function triagedAlerts(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: asAdmin })).text();
  return Number(/^quietwatch_alerts_total (\S+)$/m.exec(text)?.[1]);
}

describe("two nodes on one PostgreSQL that get the same flood", () => {
  it("store and count each alert once, and one triages on when the other is killed", async () => {
    const place = await freshPlace();
    const first = await launch(place);
    await until(async () => expect((await sessions(place)).locks).toBe(1));
    const second = await launch(place);
    const flood = floodAll([first, second]);
    await until(async () => expect(await triagedAlerts(second.url)).toBeGreaterThan(500));
    await first.kill("SIGKILL");
    const before = await triagedAlerts(second.url);
    const killedAt = performance.now();
    await until(async () => expect(await triagedAlerts(second.url)).toBeGreaterThan(before + 500));
    expect(performance.now() - killedAt).toBeLessThan(10_000);
    await flood.stop();
    await expectAllStored(second.url, flood.batches);
    expect((await ready(second.url)).status).toBe(200);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  });
});
