import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { startServer } from "../../server/start-server.ts";
import type { Me } from "../../shared/access.ts";
import type { Item } from "../../shared/group.ts";
import type { QueueAnswer } from "../../shared/queue.ts";
import { readStream, type StreamEvent, type StreamReader } from "../support/read-stream.ts";
import {
  act,
  bearer,
  type Client,
  done,
  outcome,
  read,
  startTestServer,
  type TestServer,
  until,
} from "../support/test-server.ts";

let server: TestServer;
let ada: Client;
const open: StreamReader[] = [];

beforeAll(async () => {
  server = await startTestServer({ heartbeatMs: 200 });
  ada = await server.client("ada");
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((stream) => stream.stop()));
  await until(async () => (server.deps.hub.listeners === 0 ? true : null));
});

afterAll(() => server.close());

async function follow(client = ada, lastEventId?: string): Promise<StreamReader> {
  const answer = await client.get(
    "/api/v1/stream",
    lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId },
  );
  expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/event-stream"]);
  const stream = readStream(answer);
  open.push(stream);
  return stream;
}

async function revoke(client: Client): Promise<void> {
  const { id } = await read<Me>(await client.get("/api/v1/me"));
  const answer = await server.app.request(`/api/v1/tokens/${id}`, {
    method: "DELETE",
    headers: bearer(server.admin.token),
  });
  expect(answer.status).toBe(204);
}

const items = ({ events }: StreamReader) =>
  events.filter(({ event }) => event === "item").map(({ data }) => itemIn(data));

/** What an `item` event carries. */
function itemIn(data: unknown): Item {
  return data as Item;
}

const seen = (stream: StreamReader, wanted: (event: StreamEvent) => boolean) =>
  until(async () => stream.events.find(wanted) ?? null);

const lastId = ({ events }: StreamReader) => events.findLast(({ id }) => id !== null)?.id ?? undefined;

describe("the stream", () => {
  it("tells of a new alert and of an action within a moment, each with the counts", async () => {
    const stream = await follow();
    const [id = ""] = await server.send({});
    await seen(stream, ({ event }) => event === "counts");
    expect(items(stream)).toMatchObject([{ id, status: "open", version: 1 }]);
    await done(act(ada, id, "acknowledge"));
    await seen(stream, ({ event, data }) => event === "item" && itemIn(data).version === 2);
    const { counts } = await read<QueueAnswer>(await ada.get("/api/v1/queue"));
    const last = await seen(stream, ({ event, id: at }) => event === "counts" && at === lastId(stream));
    expect(last.data).toEqual(counts);
  });

  it("says that it lives when nothing happens", async () => {
    const stream = await follow();
    const { data, id } = await seen(stream, ({ event }) => event === "heartbeat");
    expect([data, id]).toEqual([{ at: new Date(server.now()).toISOString() }, null]);
  });

  it("ends when the token it began with is revoked", async () => {
    const grace = await server.client("grace");
    const stream = await follow(grace);
    await seen(stream, ({ event }) => event === "heartbeat");
    await revoke(grace);
    await stream.ended;
    expect((await grace.get("/api/v1/stream")).status).toBe(401);
  });

  it("hears what is committed while its first events are still on their way, long before a heartbeat", async () => {
    const patient = await startTestServer({ store: server.store });
    const grace = await patient.client("grace");
    const [id = ""] = await server.send({});
    const { version } = await read<QueueAnswer>(await grace.get("/api/v1/queue"));
    await done(act(grace, id, "annotate", { text: "told at once" }));
    const answer = await grace.get("/api/v1/stream", { "Last-Event-ID": String(version) });
    const { item } = await done(act(grace, id, "annotate", { text: "before anything was read" }));
    const stream = readStream(answer);
    await seen(stream, ({ event, data }) => event === "item" && itemIn(data).version === item.version);
    await stream.stop();
  });

  it("puts the id of a change on its last event only", async () => {
    const start = (await read<QueueAnswer>(await ada.get("/api/v1/queue"))).version;
    await server.send({}, {}, {});
    const stream = await follow(ada, String(start));
    await seen(stream, ({ event }) => event === "counts");
    const told = stream.events.filter(({ event }) => event !== "heartbeat");
    expect(told.map(({ event, id }) => [event, id])).toEqual([
      ["item", null],
      ["item", null],
      ["item", String(start + 1)],
      ["counts", String(start + 1)],
    ]);
  });

  it("begins again with one reset when the id is not of this store, or too far back", async () => {
    const future = await follow(ada, "999999999");
    const { data, id } = await seen(future, ({ event }) => event === "reset");
    const { version } = await read<QueueAnswer>(await ada.get("/api/v1/queue"));
    expect([data, id]).toEqual([{ because: expect.any(String) }, String(version)]);
    const [next = ""] = await server.send({});
    await seen(future, ({ event, data: item }) => event === "item" && itemIn(item).id === next);
    expect(future.events.filter(({ event }) => event === "reset")).toHaveLength(1);

    await server.send(...Array.from({ length: 2_001 }, () => ({ severity: "low" })));
    const far = await follow(ada, String(version));
    await seen(far, ({ event }) => event === "reset");
    expect(items(far)).toEqual([]);
    const nonsense = await follow(ada, "abc");
    await seen(nonsense, ({ event }) => event === "heartbeat");
    expect(nonsense.events.map(({ event }) => event)).not.toContain("reset");
  });

  it("tells an actor of what is in scope alone, and its counts", async () => {
    const near = await server.client("near", { environments: ["staging"] });
    const stream = await follow(near);
    const [, mine = ""] = await server.send({}, { environment: "staging" }, {});
    await seen(stream, ({ event }) => event === "counts");
    expect(items(stream).map(({ id }) => id)).toEqual([mine]);
    const { counts } = await read<QueueAnswer>(await near.get("/api/v1/queue"));
    expect(stream.events.findLast(({ event }) => event === "counts")?.data).toEqual(counts);
    const detector = await server.client("detector", { scopes: ["alerts:write"] });
    expect(await outcome(await detector.get("/api/v1/stream"))).toBe("403 not_allowed");
    expect(await outcome(await server.app.request("/api/v1/stream"))).toBe("401 unauthenticated");
  });

  it("resumed from wherever it broke off has lost nothing", async () => {
    const ids = await server.send(...Array.from({ length: 6 }, (_, i) => ({ rule: `resume-${i}` })));
    const start = (await read<QueueAnswer>(await ada.get("/api/v1/queue"))).version;
    const pick = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)];
    const known = new Map<string, number>();
    const learn = (stream: StreamReader) => {
      for (const { id, version } of items(stream)) known.set(id, Math.max(version, known.get(id) ?? 0));
    };
    let at: string | undefined = String(start);
    const writing = (async () => {
      for (let i = 0; i < 40; i += 1) {
        const input = {
          ids: ids.filter(() => Math.random() < 0.5),
          action: "annotate",
          input: { text: `${i}` },
        };
        if (i % 3 === 0 && input.ids.length > 0) await ada.post("/api/v1/items/bulk", input);
        else await done(act(ada, pick(ids) ?? "", "annotate", { text: `${i}` }));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
      }
    })();
    const reading = (async () => {
      for (let i = 0; i < 12; i += 1) {
        const stream = await follow(ada, at);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
        // Cut anywhere: only whole events that came count, and the last id among them.
        await stream.stop();
        learn(stream);
        at = lastId(stream) ?? at;
      }
    })();
    await Promise.all([writing, reading]);
    const truth = new Map(
      await Promise.all(ids.map(async (id) => [id, (await server.detail(id)).version] as const)),
    );
    const stream = await follow(ada, at);
    const changed = [...truth].filter(([, version]) => version > 1);
    await until(async () => {
      learn(stream);
      return changed.every(([id, version]) => known.get(id) === version) ? true : null;
    });
  });
});

describe("a server that stops", () => {
  it("ends its streams and closes its store without a word of complaint", async () => {
    const complaints = vi.spyOn(console, "error");
    const dataDir = await mkdtemp(join(tmpdir(), "quietwatch-stop-"));
    const { pool, kind } = server.store;
    const databaseUrl = kind === "postgres" ? (pool.options.connectionString ?? null) : null;
    const env = { ...server.deps.env, port: 0, databaseUrl, dataDir, logLevel: "error" as const };
    const running = await startServer(env, { pages: null });
    const stream = readStream(
      await fetch(`${running.url}/api/v1/stream`, { headers: bearer(env.adminToken ?? "") }),
    );
    await running.stop();
    // Ended, not torn off.
    await stream.ended;
    expect(running.deps.hub.listeners).toBe(0);
    expect(complaints).not.toHaveBeenCalled();
    complaints.mockRestore();
    await rm(dataDir, { recursive: true });
  });

  it("leaves nothing behind when its port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const dataDir = await mkdtemp(join(tmpdir(), "quietwatch-port-"));
    const { pool, kind } = server.store;
    const databaseUrl = kind === "postgres" ? (pool.options.connectionString ?? null) : null;
    const env = { ...server.deps.env, port, databaseUrl, dataDir, logLevel: "error" as const };
    await expect(startServer(env, { pages: null })).rejects.toThrow("QUIETWATCH_PORT");
    taken.close();
    // The folder is free again, and the triage of the first start is over.
    const running = await startServer({ ...env, port: 0 }, { pages: null });
    await running.stop();
    await rm(dataDir, { recursive: true });
  });
});
