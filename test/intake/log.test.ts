import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../server/db/client.ts";
import { type LogChunk, readChunks, readLog } from "../../server/intake/log.ts";
import { createRecentChunks } from "../../server/intake/recent-chunks.ts";
import { openTestStore } from "../support/store.ts";
import { alertOf, emptyLog, type Node, nodeOn, noon, submissionOf } from "./intake-of.ts";

let store: Store;
let node: Node;

beforeAll(async () => {
  store = await openTestStore();
});
beforeEach(async () => {
  await emptyLog(store);
  node = nodeOn(store);
});
afterAll(() => store.close());

const cold = (after: number, most = 1_000_000): Promise<LogChunk[]> =>
  readLog(store.pool, createRecentChunks(), after, most);

async function commit(...requests: (string | null)[][]): Promise<void> {
  for (const titles of requests) await node.intake.submit(submissionOf(titles));
}

describe("the log", () => {
  test("read from the store is what was handed over in memory", async () => {
    await commit(["a", null, "🐟 \u202e"], ["b"]);
    await Promise.all([["c", "d"], ["e"]].map((titles) => node.intake.submit(submissionOf(titles))));
    const warm = await readLog(store.pool, node.recent, 0, 1_000);
    expect(warm).toEqual(await cold(0));
    expect(warm.map(({ places, alerts }) => [places, alerts.length])).toEqual([
      [3, 2],
      [1, 1],
      [3, 3],
    ]);
    // What was taken from memory is read from the store the next time.
    expect(await readLog(store.pool, node.recent, 0, 1_000)).toEqual(warm);
  });

  test("holds the requests as they were sent", async () => {
    const submission = submissionOf(["a", "é"]);
    const { committed } = await node.intake.submit(submission);
    const entries = (await readChunks(store.pool, [committed.chunk])).get(committed.chunk);
    expect(entries).toEqual([{ header: submission.header, body: submission.body, base: 0, places: 2 }]);
  });

  test("is read behind a place, in order", async () => {
    await commit(["a"], ["b"], ["c"]);
    const seqs = async (after: number) => (await cold(after)).map(({ seq }) => seq);
    expect(await seqs(0)).toEqual([1, 2, 3]);
    expect(await seqs(2)).toEqual([3]);
    expect(await seqs(3)).toEqual([]);
  });

  test("is read a bounded stretch at a time, one chunk at least", async () => {
    await commit(["a", "b", "c"], ["d"], ["e", "f"]);
    const sizes = async (most: number) => (await cold(0, most)).map(({ places }) => places);
    expect(await sizes(1)).toEqual([3]);
    expect(await sizes(4)).toEqual([3, 1]);
    expect(await sizes(5)).toEqual([3, 1]);
    expect(await sizes(6)).toEqual([3, 1, 2]);
  });

  test("keeps the moment of receipt to the millisecond", async () => {
    let now = noon;
    const { intake } = nodeOn(store, 1_000_000, () => now);
    const times = [0, 1, 123, 999, 1_795_435_200_007 - noon].map((ms) => noon + ms);
    for (const time of times) {
      now = time;
      await intake.submit(submissionOf(["a"]));
    }
    expect((await cold(0)).map(({ receivedAt }) => receivedAt)).toEqual(times);
  });

  test("gives each alert the ceiling of its sender", async () => {
    const limited = submissionOf(["a"]);
    const header = { ...limited.header, ceiling: "low" } as const;
    await Promise.all([node.intake.submit({ ...limited, header }), node.intake.submit(submissionOf(["b"]))]);
    for (const chunks of [await readLog(store.pool, node.recent, 0, 10), await cold(0)]) {
      expect(chunks[0]?.alerts.map(({ ceiling }) => ceiling)).toEqual(["low", null]);
    }
  });
});

describe("what is at hand of the log", () => {
  const entries = (title: string, weight = 100) => {
    const alerts = [{ ...alertOf(title), severity: "low" as const }, null];
    return [{ header: { ceiling: null }, base: 0, ...createRecentChunks().shared(alerts), weight }];
  };
  const mebibyte = 1024 * 1024;

  test("is taken once, with the places of its alerts", () => {
    const recent = createRecentChunks();
    recent.put({ id: "one", seq: 1 }, entries("a"));
    expect(recent.take("one")).toEqual([{ alert: alertOf("a"), place: 0, ceiling: null, said: null }]);
    expect(recent.take("one")).toBeNull();
    expect(recent.take("other")).toBeNull();
  });

  test("is bounded, and the oldest is kept, because triage wants it first", () => {
    const recent = createRecentChunks();
    for (const seq of [1, 2, 3, 4, 5, 6, 7]) recent.put({ id: `c${seq}`, seq }, entries("a", 10 * mebibyte));
    expect(recent.take("c7")).toBeNull();
    expect(recent.take("c6")).not.toBeNull();
    recent.put({ id: "c8", seq: 8 }, entries("a", 10 * mebibyte));
    expect(recent.take("c8")).not.toBeNull();
    expect(recent.take("c1")).not.toBeNull();
  });

  test("is let go once the log was read past it, whoever triaged it", async () => {
    await commit(["a"], ["b"], ["c"]);
    const chunks = await cold(0);
    await readLog(store.pool, node.recent, 2, 0);
    const taken = chunks.map(({ id }) => node.recent.take(id));
    expect(taken).toEqual([null, null, null]);
    const recent = createRecentChunks();
    for (const seq of [1, 2, 3, 4, 5, 6]) recent.put({ id: `c${seq}`, seq }, entries("a", 10 * mebibyte));
    recent.forget(4);
    expect([1, 4, 5, 6].map((seq) => recent.take(`c${seq}`) === null)).toEqual([true, true, false, false]);
    recent.put({ id: "large", seq: 7 }, entries("a", 60 * mebibyte));
    expect(recent.take("large")).not.toBeNull();
  });
});

describe("the backlog", () => {
  const triagedUpTo = (seq: number) =>
    store.pool.query("update clock set seq = $1 where name = 'triage'", [seq]);

  test("is what triage has not reached, whoever committed it", async () => {
    await commit(["a", null], ["b"], ["c", "d", "e"]);
    const other = nodeOn(store);
    expect(node.backlog.alerts).toBe(6);
    expect(other.backlog.alerts).toBe(0);
    await other.backlog.refresh();
    expect(other.backlog.alerts).toBe(6);
    await triagedUpTo(2);
    await node.backlog.refresh();
    expect(node.backlog.alerts).toBe(3);
    await triagedUpTo(3);
    await node.backlog.refresh();
    expect(node.backlog.alerts).toBe(0);
  });

  test("is full at its limit and never below nothing", async () => {
    const { backlog } = nodeOn(store, 10);
    backlog.add(9);
    expect(backlog.full).toBe(false);
    backlog.add(1);
    expect(backlog.full).toBe(true);
    backlog.add(-50);
    expect(backlog).toMatchObject({ alerts: 0, full: false });
  });
});
