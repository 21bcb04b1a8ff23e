import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prune } from "../../server/jobs/prune.ts";
import { announceChange } from "../../server/services/changes/announce-change.ts";
import type { Change } from "../../shared/change.ts";
import { type Client, outcome, read, startTestServer, type TestServer } from "../support/test-server.ts";

const day = 86_400_000;

let server: TestServer;
let pipeline: Client;

beforeAll(async () => {
  server = await startTestServer();
  pipeline = await server.client("pipeline", { scopes: ["alerts:write"] });
});

afterAll(() => server.close());

const announce = (body: object, client = pipeline, headers = {}) =>
  client.post("/api/v1/changes", body, headers);
const list = async (query = "", client: Client = server.admin) =>
  read<{ items: Change[]; next: string | null }>(await client.get(`/api/v1/changes${query}`));

describe("a change", () => {
  it("begins now and lasts an hour where it does not say otherwise", async () => {
    const answer = await announce({ title: " Release 4.2 " });
    expect(answer.status).toBe(201);
    const change = await read<Change>(answer);
    expect(change).toMatchObject({
      title: "Release 4.2",
      environment: null,
      service: null,
      startsAt: "2026-03-02T09:00:00.000Z",
      endsAt: "2026-03-02T10:00:00.000Z",
      links: [],
      source: null,
      details: {},
      announcedBy: "pipeline",
      announcedAt: "2026-03-02T09:00:00.000Z",
    });
    expect((await list()).items).toEqual([change]);
  });

  it("comes back as it was announced, but for links that lead nowhere good", async () => {
    const input = {
      title: "=cmd|' /C calc'!A0",
      environment: "production",
      service: "shop",
      startsAt: "2026-03-03T01:00:00+02:00",
      endsAt: "2026-03-03T03:00:00Z",
      links: [{ href: "https://ci.example.com/1", text: "Build" }, { href: "javascript:alert(1)" }],
      source: "ci",
      details: { build: "1", __proto__x: "y" },
    };
    const change = await read<Change>(await announce(input));
    expect(change).toMatchObject({
      ...input,
      startsAt: "2026-03-02T23:00:00.000Z",
      endsAt: "2026-03-03T03:00:00.000Z",
      links: [input.links[0]],
    });
  });

  it.each([
    [{}, "422 invalid"],
    [{ title: " " }, "422 invalid"],
    [{ title: "t", startsAt: "soon" }, "422 invalid"],
    [{ title: "t", startsAt: "2026-03-02T09:00:00Z", endsAt: "2026-03-02T09:00:00Z" }, "422 invalid"],
    [{ title: "t", endsAt: "2026-03-02T08:59:59Z" }, "422 invalid"],
    [{ title: "t", endsAt: "2026-04-02T09:00:01Z" }, "422 invalid"],
    [{ title: "t\0" }, "422 nul_character"],
    [
      { title: "t", details: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`n${i}`, ""])) },
      "422 invalid",
    ],
  ])("such as %j is refused", async (body, expected) => {
    expect(await outcome(await announce(body))).toBe(expected);
  });

  it("is announced once for an idempotency key", async () => {
    const before = (await list()).items.length;
    const send = () => announce({ title: "once" }, pipeline, { "Idempotency-Key": "a change" });
    const [one, other] = [await read<Change>(await send()), await read<Change>(await send())];
    expect(other).toEqual(one);
    expect((await list()).items.length).toBe(before + 1);
  });

  it("is announced and seen within one's reach only", async () => {
    const rights = {
      scopes: ["alerts:write", "queue:read"] as const,
      environments: ["test"],
      services: ["shop"],
    };
    const tester = await server.client("tester", { ...rights, scopes: [...rights.scopes] });
    for (const body of [
      { title: "t" },
      { title: "t", environment: "test" },
      { title: "t", environment: "production", service: "shop" },
      { title: "t", environment: "test", service: "pay" },
    ]) {
      expect(await outcome(await announce(body, tester))).toBe("403 not_allowed");
    }
    expect(
      await outcome(await announce({ title: "own", environment: "test", service: "shop" }, tester)),
    ).toBe("201");
    await announce({ title: "foreign", environment: "production" });
    await announce({ title: "global" });
    const titles = (await list("", tester)).items.map(({ title }) => title);
    expect(titles).toContain("own");
    expect(titles).toContain("global");
    expect(titles).not.toContain("foreign");
    const reader = await server.client("reader");
    expect(await outcome(await announce({ title: "t" }, reader))).toBe("403 not_allowed");
    expect(await outcome(await pipeline.get("/api/v1/changes"))).toBe("403 not_allowed");
  });

  it("is listed newest first in pages, and those that are over can be left out", async () => {
    const { items } = await list();
    expect(items.map(({ id }) => id)).toEqual([...items.map(({ id }) => id)].sort().reverse());
    const first = await list("?limit=2");
    const second = await list(`?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items]).toEqual(items.slice(0, 4));
    const later = await list("?since=2026-03-02T10:00:00Z");
    expect(later.items.map(({ endsAt }) => endsAt)).toEqual(["2026-03-03T03:00:00.000Z"]);
  });

  it("leaves an audit row where a person announced it", async () => {
    const ctx = { personId: crypto.randomUUID(), name: "Ada", scopes: new Set(["alerts:write"] as const) };
    const { id } = await announceChange(server.as(ctx), { title: "by hand", links: [], details: {} });
    const { rows } = await server.store.pool.query(
      "select actor_name, details from audit where verb = 'change.announce'",
    );
    expect(rows).toMatchObject([{ actor_name: "Ada", details: { change: id, title: "by hand" } }]);
  });

  it("is kept for a year after its end", async () => {
    server.pass(366 * day);
    await prune(server.deps);
    expect((await list()).items).toEqual([]);
  });
});
