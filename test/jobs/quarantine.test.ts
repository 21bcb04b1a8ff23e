import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createBacklog } from "../../server/intake/backlog.ts";
import { readChunks } from "../../server/intake/log.ts";
import { createRecentChunks } from "../../server/intake/recent-chunks.ts";
import { startTriage, type TriageWorker } from "../../server/jobs/triage-worker.ts";
import type { LogFields } from "../../server/log.ts";
import { alertUuid, chunkOfAlert } from "../../shared/uuid.ts";
import {
  alertOf,
  emptyStore,
  read,
  startTestServer,
  type TestServer,
  until,
} from "../support/test-server.ts";

let server: TestServer;
let worker: TriageWorker | null = null;
let said: { type: string; fields: LogFields }[] = [];

beforeAll(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await worker?.stop();
  worker = null;
  server.committed.listener = () => {};
  said = [];
  await query("drop trigger if exists refuse on item; drop function if exists refuse");
  await emptyStore(server.store);
});

afterAll(() => server.close());

const query = (text: string, values?: unknown[]) => server.store.pool.query(text, values);

function follow(): void {
  worker = startTriage({
    ...server.deps,
    recent: createRecentChunks(),
    backlog: createBacklog(server.store.pool, 1_000_000),
    log: (_level, type, fields = {}) => void said.push({ type, fields }),
  });
  server.committed.listener = worker.poke;
}

/** Lets the store refuse every group whose title matches. */
async function refuse(pattern: string): Promise<void> {
  await query(`create function refuse() returns trigger language plpgsql as $$
    begin
      if new.title like '${pattern}' then raise exception 'no % here', new.title; end if;
      return new;
    end $$`);
  await query("create trigger refuse before insert or update on item for each row execute function refuse()");
}

async function post(...alerts: Record<string, unknown>[]): Promise<string> {
  const answer = await server.admin.post("/api/v1/alerts", alerts);
  expect(answer.status).toBe(202);
  return (await read<{ receipt: string }>(answer)).receipt;
}

const many = (size: number, fields: Record<string, unknown>) =>
  Array.from({ length: size }, () => alertOf(fields));

const triaged = () =>
  until(async () => {
    const { rows } = await query("select name, seq from clock where name in ('log', 'triage')");
    const [one, other] = rows.map(({ seq }) => Number(seq));
    return one === other ? true : null;
  }, 25_000);

const setAside = async () =>
  (await query("select alert_id, alerts, error from quarantine order by alert_id")).rows;

async function titlesCounted(): Promise<Record<string, number>> {
  const { rows } = await query("select title, sum(count)::int as count from item group by title");
  return Object.fromEntries(rows.map(({ title, count }) => [title, count]));
}

describe("an alert that the store refuses", () => {
  it("is set aside, and all before and after it in its chunk and around are counted", async () => {
    await refuse("poison");
    await post(...many(30, { title: "before" }));
    const bad = await post(
      ...many(17, { title: "beside" }),
      alertOf({ title: "poison" }),
      ...many(9, { title: "beside" }),
    );
    await post(...many(12, { title: "after" }));
    follow();
    await triaged();
    const { chunk, place } = chunkOfAlert(bad);
    const alertId = alertUuid(chunk, place + 17);
    expect(await setAside()).toEqual([{ alert_id: alertId, alerts: 1, error: "no poison here" }]);
    expect(await titlesCounted()).toEqual({ before: 30, beside: 26, after: 12 });
    expect(said).toEqual([
      { type: "triage.set-aside", fields: { alertId, alerts: 1, error: "no poison here" } },
    ]);
    // It stays in the log, as it was sent.
    const held = (await readChunks(server.store.pool, [chunkOfAlert(bad).chunk])).values().next().value;
    expect(held?.map(({ body }) => body.toString()).join()).toContain("poison");
  });

  it("is set aside also when nothing else is in the log, and once however often triage starts", async () => {
    await refuse("poison");
    await post(alertOf({ title: "poison" }));
    follow();
    await triaged();
    await worker?.stop();
    follow();
    await post(alertOf({ title: "good" }));
    await triaged();
    expect(await setAside()).toHaveLength(1);
    expect(await titlesCounted()).toEqual({ good: 1 });
  });

  it("is one of many: each is set aside, and told of in one line", async () => {
    await refuse("poison%");
    const mixed = Array.from({ length: 60 }, (_, i) => alertOf({ title: i % 7 === 0 ? "poison" : "good" }));
    await post(...mixed);
    await post(...many(20, { title: "poison and nothing else" }));
    follow();
    await triaged();
    expect(await setAside()).toHaveLength(9 + 20);
    expect(await titlesCounted()).toEqual({ good: 51 });
    expect(said.map(({ fields }) => fields.alerts)).toEqual([9, 20]);
  });

  it("leaves what people wait for without a group, and the others with theirs", async () => {
    await refuse("poison");
    const sending = server.admin.post("/api/v1/alerts", [alertOf({ title: "poison" }), alertOf()], {
      Prefer: "wait=20",
    });
    follow();
    const { groups } = await read<{ groups: unknown[] }>(await sending);
    expect(groups).toHaveLength(1);
  });
});

describe("a store that refuses everything", () => {
  it("has nothing set aside, and triage goes on where it stood once it takes again", async () => {
    await refuse("%");
    await post(alertOf({ title: "one" }), alertOf({ title: "two" }));
    follow();
    await until(async () => (said.some(({ type }) => type === "triage.failed") ? true : null));
    expect(await setAside()).toEqual([]);
    await query("drop trigger refuse on item");
    await triaged();
    expect(await setAside()).toEqual([]);
    expect(await titlesCounted()).toEqual({ one: 1, two: 1 });
  });
});

describe("a chunk that cannot be read", () => {
  it("is set aside as a whole, and its neighbours are triaged", async () => {
    await post(alertOf({ title: "before" }));
    const bad = await post(...many(5, { title: "torn" }));
    await post(alertOf({ title: "after" }));
    await query("update alert_log set bytes = 'torn' where id = $1", [chunkOfAlert(bad).chunk]);
    follow();
    await triaged();
    expect(await setAside()).toMatchObject([{ alerts: 5 }]);
    expect(await titlesCounted()).toEqual({ before: 1, after: 1 });
  });
});
