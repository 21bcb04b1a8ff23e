import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prune } from "../../server/jobs/prune.ts";
import { watchHeartbeats } from "../../server/services/heartbeats/watch-heartbeats.ts";
import type { Item } from "../../shared/group.ts";
import type { Heartbeat } from "../../shared/heartbeat.ts";
import {
  type Client,
  errorOf,
  outcome,
  read,
  startOfTime,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

const minute = 60_000;
const day = 86_400_000;

let server: TestServer;
let sender: Client;

beforeAll(async () => {
  server = await startTestServer();
  sender = await server.client("sender", { scopes: ["alerts:write"] });
});

afterAll(() => server.close());

const beat = (detector: string, body: object = {}) =>
  sender.post(`/api/v1/heartbeats/${encodeURIComponent(detector)}`, body);

interface Page {
  items: Heartbeat[];
  next: string | null;
}
const list = async (client: Client = server.admin, query = "") =>
  read<Page>(await client.get(`/api/v1/heartbeats${query}`));

async function watch(since = startOfTime): Promise<void> {
  await watchHeartbeats(server.deps, since);
  await server.triage();
}

async function itemsOf(detector: string): Promise<Item[]> {
  const query =
    "flat=true&hidden=include&band=P1&band=P2&band=P3&band=P4&band=P5&status=open&status=resolved";
  const { items } = await read<{ items: Item[] }>(await server.admin.get(`/api/v1/queue?${query}&limit=200`));
  return items.filter(({ entities }) => entities.some(({ value }) => value === detector));
}

describe("a heartbeat", () => {
  it("is noted, with an interval that stays until another is given", async () => {
    const first = await read<Heartbeat>(
      await beat("backup/nightly", { interval: "1d", environment: "production" }),
    );
    expect(first).toMatchObject({
      detector: "backup/nightly",
      intervalSeconds: 86_400,
      environment: "production",
      lastSeen: "2026-03-02T09:00:00.000Z",
      late: false,
      silentSince: null,
      sentBy: "sender",
    });
    server.pass(minute);
    const second = await read<Heartbeat>(await beat("backup/nightly"));
    expect(second).toEqual({ ...first, lastSeen: "2026-03-02T09:01:00.000Z" });
    expect((await read<Heartbeat>(await beat("plain"))).intervalSeconds).toBe(600);
    expect((await sender.post("/api/v1/heartbeats/bare", "")).status).toBe(400);
    const bare = await server.app.request("/api/v1/heartbeats/bare", {
      method: "POST",
      headers: { Authorization: `Bearer ${sender.token}` },
    });
    expect(bare.status).toBe(200);
  });

  it.each([["9s"], ["32d"], ["soon"], [""], [5]])("with an interval of %j is refused", async (interval) => {
    expect((await errorOf(await beat("refused", { interval }))).code).toBe("invalid");
  });

  it("needs a name, a right, and says what is wrong", async () => {
    expect(await outcome(await beat("x".repeat(129)))).toBe("422 invalid");
    expect(await outcome(await beat(" "))).toBe("422 invalid");
    expect(await outcome(await beat("a\0b"))).toBe("422 nul_character");
    const reader = await server.client("reader");
    expect(await outcome(await reader.post("/api/v1/heartbeats/x"))).toBe("403 not_allowed");
    expect(await outcome(await sender.get("/api/v1/heartbeats"))).toBe("403 not_allowed");
  });

  it("is listed by name in pages, and only within reach", async () => {
    await beat("page-a", { environment: "test" });
    await beat("page-b", { environment: "production" });
    const all = await list();
    expect(all.items.map(({ detector }) => detector)).toEqual(
      [...all.items.map(({ detector }) => detector)].sort(),
    );
    const first = await list(server.admin, "?limit=1");
    const second = await list(server.admin, `?limit=1&cursor=${encodeURIComponent(first.next ?? "")}`);
    expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 2));
    const tester = await server.client("tester", { environments: ["test"] });
    expect((await list(tester)).items.map(({ detector }) => detector)).toEqual(["page-a"]);
  });
});

describe("a detector that falls silent", () => {
  it("is late after one interval, an item after three, once, and well again when it is heard of", async () => {
    await beat("probe", { interval: "1m", environment: "production" });
    const stateOf = async () => (await list()).items.find(({ detector }) => detector === "probe");
    server.pass(minute);
    expect(await stateOf()).toMatchObject({ late: false });
    server.pass(1);
    expect(await stateOf()).toMatchObject({ late: true, silentSince: null });
    server.pass(2 * minute - 2);
    await watch();
    expect(await itemsOf("probe")).toEqual([]);
    server.pass(1);
    const lastSeen = (await stateOf())?.lastSeen;
    for (let i = 0; i < 3; i += 1) {
      await watch();
      server.pass(minute);
    }
    expect(await itemsOf("probe")).toMatchObject([
      {
        source: "quietwatch",
        rule: "detector silent",
        severity: "medium",
        title: "probe fell silent",
        status: "open",
        environment: "production",
        count: 1,
        cleared: false,
      },
    ]);
    expect(await stateOf()).toMatchObject({ late: true, silentSince: lastSeen });

    await beat("probe");
    await watch();
    await watch();
    expect(await itemsOf("probe")).toMatchObject([
      { status: "resolved", cleared: true, count: 2, verdict: null },
    ]);
    expect(await stateOf()).toMatchObject({ late: false, silentSince: null });

    server.pass(3 * minute);
    await watch();
    expect(await itemsOf("probe")).toMatchObject([{ status: "open", episode: 2, count: 3 }]);
  });

  it("is told once by however many nodes look at the same time", async () => {
    await beat("shared", { interval: "1m" });
    server.pass(3 * minute);
    await Promise.all([watchHeartbeats(server.deps, startOfTime), watchHeartbeats(server.deps, startOfTime)]);
    await server.triage();
    expect(await itemsOf("shared")).toMatchObject([{ count: 1 }]);
  });

  it("is told once although what came after the alert was lost", async () => {
    await beat("halfway", { interval: "1m" });
    server.pass(3 * minute);
    await watch();
    await server.store.pool.query("update heartbeat set silent_since = null where detector = 'halfway'");
    await watch();
    expect(await itemsOf("halfway")).toMatchObject([{ count: 1 }]);
  });

  it("is not silent for the time in which nobody could hear it", async () => {
    await beat("patient", { interval: "1m" });
    server.pass(day);
    const startedAt = server.now();
    await watch(startedAt);
    server.pass(3 * minute - 1);
    await watch(startedAt);
    expect(await itemsOf("patient")).toEqual([]);
    server.pass(1);
    await watch(startedAt);
    expect(await itemsOf("patient")).toMatchObject([{ status: "open", count: 1 }]);
  });

  it("is forgotten after a quarter", async () => {
    await beat("gone");
    server.pass(90 * day);
    await prune(server.deps);
    expect((await list()).items.map(({ detector }) => detector)).toContain("gone");
    server.pass(1);
    await prune(server.deps);
    expect((await list()).items).toEqual([]);
  });
});
