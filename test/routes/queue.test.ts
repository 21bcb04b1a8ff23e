import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Item } from "../../shared/group.ts";
import type { QueueAnswer } from "../../shared/queue.ts";
import {
  act,
  type Client,
  done,
  emptyStore,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

let server: TestServer;
let ada: Client;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.client("ada");
});

afterAll(() => server.close());

async function queue(query = "", client = ada): Promise<QueueAnswer> {
  const answer = await client.get(`/api/v1/queue?${query}`);
  expect(answer.status).toBe(200);
  return read(answer);
}

const titles = (items: Item[]) => items.map(({ title }) => title);
const listed = async (query: string, client = ada) => titles((await queue(query, client)).items).sort();

/** What the queue sorts by, set straight on the row. */
async function rank(id: string, fields: { band?: number; score?: number; lastSeen?: number }): Promise<void> {
  const { band, score, lastSeen } = fields;
  await server.store.pool.query(
    `update item set band = coalesce($2, band), score = coalesce($3, score),
      last_seen = coalesce(to_timestamp($4::float8 / 1000), last_seen) where id = $1`,
    [id, band, score, lastSeen],
  );
}

describe("the order of the queue", () => {
  it("is band, score descending, last seen descending, id", async () => {
    await emptyStore(server.store);
    const ids = await server.send({}, {}, {}, {}, {}, {});
    const [a = "", b = "", c = "", d = "", e = "", f = ""] = ids;
    const at = server.now();
    await rank(a, { band: 3, score: 99, lastSeen: at + 9 });
    await rank(b, { band: 1, score: 80, lastSeen: at });
    await rank(c, { band: 1, score: 80, lastSeen: at + 1 });
    await rank(d, { band: 1, score: 81, lastSeen: at - 9 });
    await rank(e, { band: 2, score: 10, lastSeen: at });
    await rank(f, { band: 2, score: 10, lastSeen: at });
    const order = [d, c, b, ...[e, f].sort(), a];
    expect((await queue()).items.map(({ id }) => id)).toEqual(order);
    const first = await queue("limit=2");
    const second = await queue(`limit=2&cursor=${first.next}`);
    const third = await queue(`limit=2&cursor=${second.next}`);
    expect([first, second, third].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(order);
    expect(third.next).toBeNull();
  });

  it("is read from its index", async () => {
    const plan = async (text: string, values: unknown[]) => {
      const client = await server.store.pool.connect();
      await client.query("set enable_sort = off");
      const { rows } = await client.query(`explain ${text}`, values);
      await client.query("reset enable_sort");
      client.release();
      return rows.map((row) => String(row["QUERY PLAN"])).join("\n");
    };
    const asked: { text: string; values: unknown[] }[] = [];
    const { pool } = server.store;
    const original = pool.query;
    // Listens to what is asked of the real pool.
    pool.query = new Proxy(original, {
      apply: (target, self, args: unknown[]) => {
        const [config, values] = args;
        const text =
          typeof config === "object" && config !== null && "text" in config ? String(config.text) : "";
        if (text.includes("order by")) asked.push({ text, values: Array.isArray(values) ? values : [] });
        return Reflect.apply(target, self, args);
      },
    });
    await queue().finally(() => {
      pool.query = original;
    });
    const [one] = asked;
    if (one === undefined) throw new Error("the queue asked nothing that is ordered");
    expect(await plan(one.text, one.values)).toContain("item_queue");
    expect(await plan(one.text, one.values)).not.toContain("Sort");
  });

  it("never skips an item while others change, whatever ties there are", async () => {
    await emptyStore(server.store);
    const ids = await server.send(...Array.from({ length: 40 }, (_, i) => ({ rule: `tie-${i}` })));
    const pick = (most: number) => Math.floor(Math.random() * most);
    for (const id of ids) {
      await rank(id, { band: 1 + pick(3), score: 50 + pick(2), lastSeen: server.now() + pick(2) });
    }
    for (let walk = 0; walk < 8; walk += 1) {
      const still = new Set(ids);
      const seen: string[] = [];
      let cursor = "";
      do {
        const { items, next } = await queue(`limit=${1 + pick(9)}${cursor}`);
        seen.push(...items.map(({ id }) => id));
        cursor = next === null ? "" : `&cursor=${next}`;
        const moved = ids[pick(ids.length)] ?? "";
        still.delete(moved);
        await rank(moved, { band: 1 + pick(3), score: 50 + pick(2), lastSeen: server.now() + pick(3) });
      } while (cursor !== "");
      const stood = seen.filter((id) => still.has(id));
      expect(stood.toSorted()).toEqual([...still].sort());
    }
  });
});

describe("filters of the queue", () => {
  beforeAll(async () => {
    await emptyStore(server.store);
    const host = (value: string) => [{ type: "host", value, role: "target" }];
    await server.send(
      { title: "one", source: "falcon", service: "shop", entities: host("web-1") },
      { title: "two", source: "suricata", severity: "high", service: "billing", entities: host("web-2") },
      { title: "three", source: "falcon", environment: "staging", entities: host("web-1") },
      { title: "four", severity: "low", entities: host("db-1") },
      { title: "hidden", severity: "high", environment: "staging" },
      { title: "100% _sure_ C:\\Temp", entities: [{ type: "user", value: "CORP\\jane", role: "actor" }] },
      { title: "1000 surely c:/temp" },
      { title: "owned" },
      { title: "taken" },
      { title: "away" },
      { title: "gone" },
    );
    const all = await queue("band=P1&band=P2&band=P3&band=P4&band=P5&hidden=include");
    const id = (title: string) => all.items.find((item) => item.title === title)?.id ?? "";
    await done(act(ada, id("owned"), "assign", { to: "grace" }));
    await done(act(ada, id("taken"), "acknowledge"));
    await done(act(ada, id("away"), "snooze", { for: "1h" }));
    await done(act(ada, id("gone"), "resolve", { verdict: "undetermined" }));
  });

  const visible = [
    "one",
    "two",
    "three",
    "100% _sure_ C:\\Temp",
    "1000 surely c:/temp",
    "owned",
    "taken",
  ].sort();

  it.each<[string, string[]]>([
    ["", visible],
    ["band=P4", ["four"]],
    ["band=P4&band=P5&hidden=include", ["four"]],
    ["environment=staging", ["three"]],
    ["environment=staging&environment=production&service=shop", ["one"]],
    ["service=shop&service=billing", ["one", "two"]],
    ["source=falcon", ["one", "three"]],
    ["severity=high", ["two"]],
    ["severity=high&hidden=include", ["hidden", "two"]],
    ["hidden=only", ["hidden"]],
    ["status=acknowledged", ["taken"]],
    ["status=snoozed&status=resolved", ["away", "gone"]],
    ["assignee=grace", ["owned"]],
    ["assignee=me", ["taken"]],
    ["assignee=me&assignee=grace", ["owned", "taken"]],
    ["assignee=none&source=falcon", ["one", "three"]],
    ["entity=host:web-1", ["one", "three"]],
    ["entity=host:web", []],
    ["entity=user:web-1", []],
    ["q=WEB-1", ["one", "three"]],
    ["q=falcon+one", ["one"]],
    ["q=shop", ["one"]],
    ["q=staging", ["three"]],
    ["q=100%25", ["100% _sure_ C:\\Temp"]],
    ["q=_sure_", ["100% _sure_ C:\\Temp"]],
    ["q=C:%5CTemp", ["100% _sure_ C:\\Temp"]],
    ["q=corp%5Cjane", ["100% _sure_ C:\\Temp"]],
    ["q=%5C%5C", []],
    ["q=target", []],
    ["q=role", []],
    ["q=+", visible],
    ["q='%22;--", []],
    ["unknown=1&view=mine", visible],
  ])("%s lists %j", async (query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });

  it("count by band what is not hidden, and obey every filter but band, hidden and paging", async () => {
    const { rows } = await server.store.pool.query(
      `select 'P' || band as band, count(*)::int as n from item
       where hidden_by is null and status in ('open', 'acknowledged') group by 1`,
    );
    const byHand = Object.fromEntries(rows.map(({ band, n }) => [band, n]));
    expect((await queue()).counts).toEqual({
      ...{ P1: 0, P2: 0, P3: 0, P4: 0, P5: 0 },
      ...byHand,
      hidden: 1,
    });
    for (const query of ["band=P5", "hidden=only", "hidden=include", "limit=1"]) {
      expect((await queue(query)).counts).toEqual((await queue()).counts);
    }
    expect((await queue("severity=low")).counts).toEqual({ P1: 0, P2: 0, P3: 0, P4: 1, P5: 0, hidden: 0 });
    expect((await queue("environment=staging")).counts).toMatchObject({ hidden: 1 });
  });

  it("name an entity for its page, whatever its band and state", async () => {
    const { items } = await read<{ items: Item[] }>(await ada.get("/api/v1/entities/host/db-1"));
    expect(titles(items)).toEqual(["four"]);
    const encoded = await ada.get(`/api/v1/entities/user/${encodeURIComponent("CORP\\jane")}`);
    expect((await read<{ items: Item[] }>(encoded)).items).toHaveLength(1);
    expect(await outcome(await ada.get("/api/v1/entities/planet/mars"))).toBe("422 invalid");
    expect(await outcome(await ada.get("/api/v1/entities/host/%00"))).toBe("422 nul_character");
  });

  const forged = (parts: unknown) => `cursor=${Buffer.from(JSON.stringify(parts)).toString("base64url")}`;
  it.each([
    ["band=P6", "band.0", "invalid"],
    ["band=P1&band=", "band.1", "invalid"],
    ["severity=bad", "severity.0", "invalid"],
    ["status=done", "status.0", "invalid"],
    ["hidden=maybe", "hidden", "invalid"],
    ["flat=1", "flat", "invalid"],
    ["limit=0", "limit", "invalid"],
    ["limit=201", "limit", "invalid"],
    ["limit=ten", "limit", "invalid"],
    ["limit=1&limit=2", "limit", "invalid"],
    ["entity=web-1", "entity", "invalid"],
    ["entity=planet:mars", "entity.type", "invalid"],
    [`q=${"x".repeat(257)}`, "q", "invalid"],
    ["q=%00", "q", "nul_character"],
    ["assignee=%00", "assignee", "nul_character"],
    ["entity=host:%00", "entity", "nul_character"],
    ["cursor=nonsense", "cursor", "invalid"],
    [forged([1, 80, 0, "-".repeat(36)]), "cursor", "invalid"],
    [forged([2 ** 40, 80, 0, crypto.randomUUID()]), "cursor", "invalid"],
    [forged([1, 80, 9e15, crypto.randomUUID()]), "cursor", "invalid"],
    [forged({}), "cursor", "invalid"],
  ])("%s is refused and named", async (query, path, code) => {
    const answer = await ada.get(`/api/v1/queue?${query}`);
    expect(answer.status).toBe(422);
    expect(await errorOf(answer)).toMatchObject({ code, issues: [{ path, message: expect.any(String) }] });
  });

  it("need the scope to read", async () => {
    const detector = await server.client("detector", { scopes: ["alerts:write"] });
    for (const path of ["queue", "entities/host/web-1", "stream", "reports/funnel", "reports/grid"]) {
      expect(await outcome(await detector.get(`/api/v1/${path}`))).toBe("403 not_allowed");
    }
  });
});

describe("the version of the queue", () => {
  it("answers 304 until anything changes", async () => {
    await emptyStore(server.store);
    const alert = { rule: "etag", entities: [{ type: "host", value: "etag-1", role: "target" }] };
    const [id = ""] = await server.send(alert);
    const ask = async (etag?: string) => {
      const answer = await ada.get(
        "/api/v1/queue?band=P1",
        etag === undefined ? {} : { "If-None-Match": etag },
      );
      return { status: answer.status, etag: answer.headers.get("ETag") ?? "", body: await answer.text() };
    };
    let { etag } = await ask();
    const changes: [string, () => Promise<unknown>][] = [
      ["a note", () => done(act(ada, id, "annotate", { text: "x" }))],
      ["a repeat", () => server.send(alert)],
      ["a new group", () => server.send({})],
      ["an acknowledgement", () => done(act(ada, id, "acknowledge"))],
    ];
    for (const [what, change] of changes) {
      expect(await ask(etag), what).toEqual({ status: 304, etag, body: "" });
      await change();
      const moved = await ask(etag);
      expect([what, moved.status, moved.etag === etag]).toEqual([what, 200, false]);
      etag = moved.etag;
    }
  });

  it("is another for another filter and another person", async () => {
    const grace = await server.client("grace", { environments: ["staging"] });
    const etag = (await ada.get("/api/v1/queue")).headers.get("ETag") ?? "";
    expect((await ada.get("/api/v1/queue?band=P2", { "If-None-Match": etag })).status).toBe(200);
    expect((await grace.get("/api/v1/queue", { "If-None-Match": etag })).status).toBe(200);
    const detector = await server.client("detector", { scopes: ["alerts:write"] });
    expect((await detector.get("/api/v1/queue", { "If-None-Match": etag })).status).toBe(403);
  });
});
