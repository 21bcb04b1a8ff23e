import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Connection } from "../../../extension/background/connection.ts";
import { createDispatch } from "../../../extension/background/dispatch.ts";
import { backgroundRooms } from "../background-rooms.ts";
import { itemOf } from "../fixtures.ts";
import { type Answer, type Received, type StandIn, standIn } from "../stand-in-server.ts";

let server: StandIn;
let rooms: ReturnType<typeof backgroundRooms>;
let connection: Connection;
let stream: ServerResponse | null;
let special: ((received: Received) => Answer | undefined) | null;
let online: number;
let isAllowed: boolean;

const counts = { P1: 1, P2: 0, P3: 0, P4: 0, P5: 0, hidden: 0 };

function take(received: Received, response: ServerResponse): Answer | null {
  const answer = special?.(received);
  if (answer !== undefined) return answer;
  if (received.path === "/stream") {
    stream = response.writeHead(200, { "content-type": "text/event-stream" });
    stream.write(": welcome\n\n");
    return null;
  }
  if (received.etag === '"1"') return { status: 304 };
  const body = { items: [itemOf()], next: null, counts, version: 1 };
  return { status: 200, body, headers: { etag: '"1"' } };
}

function send(name: string, data: unknown, id?: string) {
  stream?.write(`${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

const linkIs = (state: string) => vi.waitFor(() => expect(rooms.model.link().state).toBe(state));
const asked = (path: string) => server.received.filter((received) => received.path.startsWith(path)).length;

beforeEach(async () => {
  stream = null;
  special = null;
  online = 0;
  isAllowed = true;
  server = await standIn(take);
  rooms = backgroundRooms(server.url);
  await rooms.model.load();
  connection = new Connection({
    session: rooms.session,
    model: rooms.model,
    values: rooms.values,
    isAllowed: async () => isAllowed,
    onOnline: () => {
      online += 1;
    },
    now: rooms.now,
    random: () => 0,
  });
});
afterEach(async () => {
  await rooms.local.remove(["server"]);
  connection.restart();
  await server.close();
});

describe("the connection", () => {
  it("opens the stream, reads the queue and lets the outbox go", async () => {
    connection.ensure();
    await linkIs("live");
    expect(rooms.model.snapshot()?.items).toHaveLength(1);
    expect(online).toBe(1);
    expect(server.received.map(({ path }) => path)).toEqual(["/stream", "/queue?limit=200"]);
  });

  it("stays one however often it is asked for", async () => {
    connection.ensure();
    connection.ensure();
    await linkIs("live");
    connection.ensure();
    expect(asked("/stream")).toBe(1);
  });

  it("takes items and counts as they come and remembers where it stands", async () => {
    connection.ensure();
    await linkIs("live");
    send("item", itemOf({ id: "item-2", band: "P2" }));
    send("counts", { ...counts, hidden: 5 }, "42");
    await vi.waitFor(() => expect(rooms.model.snapshot()?.counts.hidden).toBe(5));
    expect(rooms.model.snapshot()?.items.map((item) => item.id)).toEqual(["item-1", "item-2"]);
    await vi.waitFor(() => expect(rooms.values.held.cursor?.lastEventId).toBe("42"));
  });

  it("writes at every heartbeat, which keeps the background alive", async () => {
    connection.ensure();
    await linkIs("live");
    rooms.clock.now += 15_000;
    send("heartbeat", { at: "2026-03-02T09:00:00Z" });
    await vi.waitFor(() => expect(rooms.values.held.cursor?.heardAt).toBe(rooms.clock.now));
    expect(rooms.local.held.snapshot?.items).toHaveLength(1);
  });

  it("reads the queue again after a reset", async () => {
    connection.ensure();
    await linkIs("live");
    send("reset", { because: "too long away" }, "50");
    await vi.waitFor(() => expect(asked("/queue")).toBe(2));
    expect(server.received.at(-1)?.etag).toBe('"1"');
  });

  it("resumes after three missed heartbeats where it stood", async () => {
    connection.ensure();
    await linkIs("live");
    send("item", itemOf(), "42");
    await vi.waitFor(() => expect(rooms.values.held.cursor?.lastEventId).toBe("42"));
    rooms.clock.now += 45_001;
    connection.ensure();
    await vi.waitFor(() => expect(asked("/stream")).toBe(2));
    expect(server.received.filter(({ path }) => path === "/stream")[1]?.lastEventId).toBe("42");
  });

  it("polls when there is no stream to be had", async () => {
    special = ({ path }) => (path === "/stream" ? { status: 404 } : undefined);
    connection.ensure();
    await linkIs("polling");
    connection.ensure();
    await vi.waitFor(() => expect(asked("/queue")).toBe(2));
    expect(rooms.model.snapshot()?.items).toHaveLength(1);
  });

  it("says that the server is away, and comes back by itself", async () => {
    special = () => ({ status: null });
    connection.ensure();
    await linkIs("offline");
    special = null;
    await vi.waitFor(() => expect(rooms.model.link().state).toBe("live"), { timeout: 4_000 });
  });

  it("says why nobody is signed in any more", async () => {
    special = () => ({ status: 401 });
    connection.ensure();
    await linkIs("signed-out");
    expect(rooms.model.link().because).toBe("Nobody is signed in.");
  });

  it("asks nothing of a server it may not reach", async () => {
    isAllowed = false;
    connection.ensure();
    await linkIs("no-permission");
    expect(server.received).toEqual([]);
  });
});

describe("the dispatcher of messages", () => {
  it("leaves what it does not know to others", () => {
    // The rooms behind the answers do not matter here: none is called.
    const dispatch = createDispatch({} as Parameters<typeof createDispatch>[0], Promise.resolve());
    for (const message of [null, 7, "hello", {}, { type: 7 }, { type: "toString" }, { type: "unknown" }]) {
      expect(dispatch(message)).toBeUndefined();
    }
  });
});
