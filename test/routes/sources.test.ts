import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keepRejects } from "../../server/services/rejects/keep-rejects.ts";
import { pruneRejects } from "../../server/services/rejects/prune-rejects.ts";
import { keepSenders } from "../../server/services/senders/keep-senders.ts";
import { limits } from "../../shared/alert.ts";
import type { Page } from "../../shared/queue.ts";
import type { Reject, Source } from "../../shared/senders.ts";
import {
  alertOf,
  analystScopes,
  type Client,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

let server: TestServer;
let writeCounts: () => Promise<void>;
let edge: Client;
let reader: Client;

beforeAll(async () => {
  server = await startTestServer();
  writeCounts = keepSenders(server.deps);
  edge = await server.client("edge", { scopes: ["alerts:write"] });
  reader = await server.client("reader", { scopes: ["reports:read"] });
});

afterAll(() => server.close());

beforeEach(async () => {
  await written();
  await server.store.pool.query("truncate reject, sender, sender_hour");
});

async function written(): Promise<void> {
  await keepRejects(server.deps);
  await writeCounts();
}

async function rejects(query = "", client = reader): Promise<Page<Reject>> {
  await written();
  return read(await client.get(`/api/v1/rejects?${query}`));
}

async function sources(query = "", client = reader): Promise<Page<Source>> {
  await written();
  return read(await client.get(`/api/v1/sources?${query}`));
}

describe("a reject", () => {
  it("shows the alert as it was sent, with its place and the reason", async () => {
    const bad = '{"source": "door",  "rule": "forced"}';
    const answer = await edge.post("/api/v1/alerts", `[${JSON.stringify(alertOf())}, ${bad}]`);
    expect(answer.status).toBe(202);
    const { items } = await rejects();
    expect(items).toMatchObject([
      { format: "alert", place: 1, payload: bad, size: bad.length, cut: false, actor: { name: "edge" } },
    ]);
    expect(items[0]?.message).toMatch(/title/);
  });

  it("is kept of a request of which nothing was taken", async () => {
    expect(await outcome(await edge.post("/api/v1/ingest", { a: 1 }))).toBe("422 unknown_format");
    expect((await rejects()).items).toMatchObject([
      { format: "auto", code: "unknown_format", place: 0, payload: '{"a":1}' },
    ]);
  });

  it("finds its own line among lines, and in a log of text", async () => {
    const lines = `${JSON.stringify(alertOf())}\n{"half":\n`;
    await edge.post("/api/v1/alerts", lines, { "Content-Type": "application/x-ndjson" });
    expect((await rejects()).items).toMatchObject([{ place: 1, code: "unreadable", payload: '{"half":' }]);
  });

  it.each([
    ["JSON that breaks off", "/api/v1/alerts", '{"source":', {}, "unreadable", "alert"],
    ["a format that is none", "/api/v1/ingest/nothing", "{}", {}, "unknown_format", "unknown"],
    [
      "a type that is none",
      "/api/v1/alerts",
      "a",
      { "Content-Type": "image/png" },
      "unsupported_type",
      "alert",
    ],
  ])("is a whole body: %s", async (_what, path, body, headers, code, format) => {
    expect((await edge.post(path, body, headers)).status).toBeGreaterThanOrEqual(400);
    expect((await rejects()).items).toMatchObject([
      { code, format, place: null, payload: body, size: body.length, cut: false },
    ]);
  });

  it("is the beginning of what is larger", async () => {
    const long = `{"title": "${"x".repeat(9_000)}"}`;
    await edge.post("/api/v1/alerts", long);
    server.pass(1);
    await edge.post("/api/v1/alerts", `[${long}`);
    const { items } = await rejects();
    expect(items.map(({ payload, size, cut }) => [payload.length, size, cut])).toEqual([
      [1_024, long.length + 1, true],
      [4_096, long.length, true],
    ]);
  });

  it("shows what a packed body begins with that is too large unpacked", async () => {
    const bomb = gzipSync(Buffer.from(`[${" ".repeat(limits.bodyBytes)}`));
    const answer = await edge.post("/api/v1/alerts", bomb, { "Content-Encoding": "gzip" });
    expect(answer.status).toBe(413);
    const [item] = (await rejects()).items;
    expect(item).toMatchObject({ code: "too_large", size: bomb.length, place: null });
    expect(item?.payload).toMatch(/^\[ +$/);
  });

  it("holds hostile bytes as text, and no credentials", async () => {
    const token = `qw_api_${"a".repeat(43)}`;
    server.pass(1);
    await edge.post("/api/v1/alerts", Buffer.from([0x7b, 0, 0xff, 0x3c, 0x62, 0x3e]));
    server.pass(1);
    await edge.post("/api/v1/alerts", {
      password: "hunter2",
      note: `Authorization: Bearer ${token}`,
      x: token,
    });
    const texts = (await rejects()).items.map(({ payload }) => payload);
    expect(texts[1]).toBe("{\0\ufffd<b>");
    expect(texts[0]).toContain('"password":"(left out)"');
    expect(texts.join()).not.toMatch(/hunter2|qw_api/);
  });

  it("is not kept of what nobody vouches for, nor of a request that came before its time", async () => {
    await server.app.request("/api/v1/alerts", { method: "POST", body: "{" });
    expect((await rejects()).items).toEqual([]);
  });

  it("costs little when there are many: some are kept, all are counted", async () => {
    const bad = Array.from({ length: 500 }, () => ({ source: "x" }));
    await Promise.all(Array.from({ length: 20 }, () => edge.post("/api/v1/alerts", bad)));
    expect((await rejects("limit=200")).items.length).toBe(9);
    const [source] = (await sources()).items;
    expect(source).toMatchObject({ received: 10_000, rejected: 10_000, accepted: 0, requests: 20 });
  });

  it("makes room for newer ones of its sender and format, and for no other's", async () => {
    const other = await server.client("other", { scopes: ["alerts:write"] });
    await other.post("/api/v1/alerts", "{");
    for (let i = 0; i < 40; i += 1) {
      for (const n of [1, 2, 3]) {
        server.pass(1);
        await edge.post("/api/v1/alerts", `{"n": ${i * 3 + n}`);
      }
      await keepRejects(server.deps);
    }
    const { rows } = await server.store.pool.query("select actor_name, count(*)::int from reject group by 1");
    expect(Object.fromEntries(rows.map((row) => [row.actor_name, row.count]))).toEqual({
      edge: 100,
      other: 1,
    });
    expect((await rejects("limit=1")).items[0]?.payload).toBe('{"n": 120');
  });

  it("is forgotten after a week", async () => {
    await edge.post("/api/v1/alerts", "{");
    await written();
    server.pass(6.9 * 86_400_000);
    await pruneRejects(server.deps);
    expect((await rejects()).items.length).toBe(1);
    server.pass(0.2 * 86_400_000);
    await pruneRejects(server.deps);
    expect((await rejects()).items).toEqual([]);
  });
});

describe("the list of rejects", () => {
  it("is narrowed by sender, format and code, and comes in pages", async () => {
    await edge.post("/api/v1/alerts", "{");
    await edge.post("/api/v1/ingest/wazuh", "[1]");
    await server.admin.post("/api/v1/alerts", "{");
    const all = (await rejects()).items;
    expect(all.length).toBe(3);
    const id = all.find(({ actor }) => actor.name === "edge")?.actor.id;
    expect((await rejects(`actor=${id}`)).items.length).toBe(2);
    expect((await rejects(`actor=${id}&format=wazuh`)).items.length).toBe(1);
    expect((await rejects("code=unreadable")).items.length).toBe(2);
    const first = await rejects("limit=2");
    const rest = await rejects(`limit=2&cursor=${first.next}`);
    expect([...first.items, ...rest.items].map((one) => one.id)).toEqual(all.map((one) => one.id));
    expect(rest.next).toBeNull();
  });

  it("needs reports:read, and takes only what it knows", async () => {
    expect(await outcome(await edge.get("/api/v1/rejects"))).toBe("403 not_allowed");
    expect(await outcome(await edge.get("/api/v1/sources"))).toBe("403 not_allowed");
    expect(await outcome(await reader.get("/api/v1/rejects?cursor=x"))).toBe("422 invalid");
    expect(await outcome(await reader.get("/api/v1/sources?cursor=x"))).toBe("422 invalid");
  });

  it("shows those who reach some environments the senders that reach no further", async () => {
    const near = await server.client("near", { scopes: ["alerts:write"], environments: ["staging"] });
    await near.post("/api/v1/alerts", "{");
    await edge.post("/api/v1/alerts", "{");
    const some = await server.client("some", { scopes: analystScopes, environments: ["staging", "test"] });
    const others = await server.client("others", { scopes: analystScopes, environments: ["production"] });
    expect((await rejects("", some)).items.map(({ actor }) => actor.name)).toEqual(["near"]);
    expect((await sources("", some)).items.map(({ actor }) => actor.name)).toEqual(["near"]);
    expect((await rejects("", others)).items).toEqual([]);
    expect((await sources("", others)).items).toEqual([]);
    expect((await rejects()).items.length).toBe(2);
  });
});

describe("the list of sources", () => {
  it("says who sends what, and what became of it", async () => {
    await edge.post("/api/v1/alerts", [alertOf(), alertOf(), { source: "x" }]);
    await edge.post("/api/v1/ingest/wazuh", "{");
    const { items, next } = await sources();
    expect(next).toBeNull();
    expect(items).toMatchObject([
      {
        format: "alert",
        actor: { name: "edge" },
        requests: 1,
        received: 3,
        accepted: 2,
        rejected: 1,
        refused: 0,
      },
      { format: "wazuh", requests: 1, received: 0, refused: 1, bytes: 0, lastReject: { code: "unreadable" } },
    ]);
    expect(items[0]?.lastReceivedAt).toBe(new Date(server.now()).toISOString());
  });

  it("adds up over hours and nodes, and forgets hours after a day", async () => {
    const otherNode = await startTestServer({ store: server.store });
    otherNode.pass(server.now() - otherNode.now());
    const writeOther = keepSenders(otherNode.deps);
    await edge.post("/api/v1/alerts", alertOf());
    const { token } = edge;
    await otherNode.app.request("/api/v1/alerts", {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify([alertOf(), alertOf()]),
    });
    await writeOther();
    expect((await sources()).items[0]).toMatchObject({ accepted: 3, requests: 2 });
    server.pass(20 * 3_600_000);
    await edge.post("/api/v1/alerts", alertOf());
    expect((await sources()).items[0]).toMatchObject({ accepted: 4 });
    server.pass(5 * 3_600_000);
    expect((await sources()).items[0]).toMatchObject({ accepted: 1 });
  });

  it("comes in pages", async () => {
    await edge.post("/api/v1/alerts", alertOf());
    await edge.post("/api/v1/ingest/wazuh", "{");
    await server.admin.post("/api/v1/alerts", alertOf());
    const all = (await sources()).items.map(({ id }) => id);
    expect(all.length).toBe(3);
    const first = await sources("limit=2");
    const rest = await sources(`limit=2&cursor=${first.next}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(all);
  });
});
