import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NewEntry } from "../../../extension/lib/outbox.ts";
import { backgroundRooms } from "../background-rooms.ts";
import { itemOf, snapshotOf } from "../fixtures.ts";
import { type Answer, type Received, type StandIn, standIn } from "../stand-in-server.ts";

let server: StandIn;
let answers: ((received: Received) => Answer)[];
let rooms: ReturnType<typeof backgroundRooms>;

const acknowledged = itemOf({ version: 2, status: "acknowledged" });
const done = (): Answer => ({ status: 200, body: { actionId: "action-1", item: acknowledged } });
const failing = (status: number, code: string, message: string) => (): Answer => ({
  status,
  body: { error: { code, message, requestId: "r" } },
});

function made(key: string, part: Partial<NewEntry> = {}): NewEntry {
  return {
    key,
    decision: { action: "acknowledge", input: {} },
    before: itemOf(),
    madeAt: 1_000_000,
    ...part,
  };
}

async function states() {
  return (await rooms.store.all()).map(({ key, state }) => `${key} ${state}`);
}

/** Adding starts a pass by itself; one more waits for its end. */
async function add(entry: NewEntry) {
  await rooms.sender.add(entry);
  await rooms.sender.flush();
}

beforeEach(async () => {
  answers = [];
  server = await standIn((received) => (answers.shift() ?? done)(received));
  rooms = backgroundRooms(server.url);
  await rooms.model.load();
  rooms.model.replaceSnapshot(snapshotOf([itemOf()]));
});
afterEach(() => server.close());

describe("a decision", () => {
  it("is sent once with its key and the version the person saw, and its answer is shown", async () => {
    await add(made("k1"));
    await rooms.sender.flush();
    expect(server.received).toMatchObject([
      { method: "POST", path: "/items/item-1/acknowledge", key: "k1", body: { version: 1 } },
    ]);
    expect(server.received[0]?.token).toBe("Bearer access-1");
    expect(rooms.model.snapshot()?.items[0]?.status).toBe("acknowledged");
    expect(await states()).toEqual(["k1 sent"]);
  });

  it("made twice under one key is kept once", async () => {
    await Promise.all([rooms.sender.add(made("k1")), rooms.sender.add(made("k1"))]);
    await rooms.sender.flush();
    expect(server.received).toHaveLength(1);
  });

  it("whose answer was lost is sent again as the same request", async () => {
    answers = [() => ({ status: null })];
    await add(made("k1"));
    expect(await states()).toEqual(["k1 waiting"]);
    rooms.clock.now += 1_001;
    await rooms.sender.flush();
    expect(server.received.map(({ key, body }) => ({ key, body }))).toEqual([
      { key: "k1", body: { version: 1 } },
      { key: "k1", body: { version: 1 } },
    ]);
    expect(await states()).toEqual(["k1 sent"]);
  });

  it("waits for its back-off, and goes early when the server is back", async () => {
    answers = [failing(503, "overloaded", "Later.")];
    await add(made("k1"));
    await rooms.sender.flush();
    expect(server.received).toHaveLength(1);
    await rooms.sender.flush(true);
    expect(server.received).toHaveLength(2);
  });

  it("of another item passes one that the server cannot do now; one of the same item does not", async () => {
    answers = [failing(500, "internal", "Broken.")];
    await add(made("k1"));
    await add(made("k2"));
    await add(made("k3", { before: itemOf({ id: "item-2" }) }));
    expect(server.received.map(({ key }) => key)).toEqual(["k1", "k3"]);
    expect(await states()).toEqual(["k1 waiting", "k2 waiting", "k3 sent"]);
  });

  it("is kept when the sign-in has ended", async () => {
    answers = [failing(401, "sign_in_expired", "Ended.")];
    await add(made("k1"));
    expect(await states()).toEqual(["k1 waiting"]);
    expect(rooms.signedOut()).toBeGreaterThan(0);
    expect((await rooms.store.all())[0]?.attempts).toBe(0);
  });

  it("is never sent to another server", async () => {
    answers = [() => ({ status: null })];
    await add(made("k1"));
    await rooms.local.set({ server: "http://127.0.0.1:9" });
    await rooms.sender.flush(true);
    expect(server.received).toHaveLength(1);
  });

  it("without an answer for a day is left to the person", async () => {
    answers = [() => ({ status: null })];
    await add(made("k1"));
    rooms.clock.now += 24 * 3_600_000;
    await rooms.sender.flush();
    expect(server.received).toHaveLength(1);
    expect(await states()).toEqual(["k1 failed"]);
  });
});

describe("a decision the server refuses", () => {
  it("because the item moved on is shown with what changed", async () => {
    const now = itemOf({ version: 7, status: "resolved", verdict: "true_positive" });
    answers = [failing(409, "stale_version", "Moved on."), () => ({ status: 200, body: now })];
    await add(made("k1"));
    const [entry] = await rooms.store.all();
    expect(entry).toMatchObject({ state: "stale", problem: "it is resolved as true positive" });
    expect(rooms.model.snapshot()?.items).toEqual([]);
  });

  it("is shown with the server's words, and another try is a new action", async () => {
    answers = [failing(403, "not_allowed", "You may only look.")];
    await add(made("k1"));
    expect((await rooms.store.all())[0]).toMatchObject({ state: "failed", problem: "You may only look." });
    await rooms.sender.retry("k1");
    await rooms.sender.flush();
    expect(server.received.map(({ key }) => key)).toEqual(["k1", "new-key-1"]);
    expect(await states()).toEqual(["new-key-1 sent"]);
  });

  it("can be dismissed", async () => {
    answers = [failing(403, "not_allowed", "No.")];
    await add(made("k1"));
    await rooms.sender.discard("k1");
    expect(await states()).toEqual([]);
  });
});

describe("taking back", () => {
  it("what was not tried yet needs no server", async () => {
    await rooms.store.add({
      ...made("k1"),
      owner: { server: server.url, person: "p1" },
      state: "waiting",
      attempts: 0,
      firstTriedAt: null,
      nextAt: Number.POSITIVE_INFINITY,
      version: null,
      actionId: null,
      resultVersion: null,
      undone: false,
      problem: null,
    });
    await rooms.sender.undo("k1");
    expect(await states()).toEqual([]);
    expect(server.received).toEqual([]);
  });

  it("what was sent asks the server once", async () => {
    await add(made("k1"));
    answers = [() => ({ status: 200, body: { actionId: "action-1", items: [itemOf({ version: 3 })] } })];
    await rooms.sender.undo("k1");
    await rooms.sender.flush();
    expect(server.received[1]).toMatchObject({ path: "/actions/action-1/undo", key: "k1-undo" });
    expect(rooms.model.snapshot()?.items[0]).toMatchObject({ status: "open", version: 3 });
    expect(await states()).toEqual([]);
  });

  it("what may have arrived is sent again and then taken back by its id", async () => {
    answers = [
      () => ({ status: null }),
      done,
      () => ({ status: 200, body: { actionId: "action-1", items: [itemOf({ version: 3 })] } }),
    ];
    await add(made("k1"));
    await rooms.sender.undo("k1");
    await rooms.sender.flush();
    expect(server.received.map(({ path }) => path)).toEqual([
      "/items/item-1/acknowledge",
      "/items/item-1/acknowledge",
      "/actions/action-1/undo",
    ]);
    expect(await states()).toEqual([]);
  });

  it("that the server refuses is shown", async () => {
    await add(made("k1"));
    answers = [failing(409, "changed_since", "Dana changed it since.")];
    await rooms.sender.undo("k1");
    await rooms.sender.flush();
    expect((await rooms.store.all())[0]).toMatchObject({
      state: "failed",
      undone: false,
      problem: "Dana changed it since.",
    });
  });
});
