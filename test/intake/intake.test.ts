import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../server/db/client.ts";
import { OverloadedError } from "../../server/errors.ts";
import { readLog } from "../../server/intake/log.ts";
import { createRecentChunks } from "../../server/intake/recent-chunks.ts";
import { alertUuid, timeOfUuid } from "../../shared/uuid.ts";
import { openTestStore } from "../support/store.ts";
import { emptyLog, logRows, type Node, nodeOn, noon, submissionOf } from "./intake-of.ts";

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

/** Titles of the whole log as the store holds it, in its order. */
async function titles(): Promise<string[]> {
  const chunks = await readLog(store.pool, createRecentChunks(), 0, 1_000_000);
  return chunks.flatMap(({ alerts }) => alerts.map(({ alert }) => alert.title));
}

describe("requests that wait together", () => {
  test("are committed in one row, each with the places it was told", async () => {
    const submitted = [["a", "b"], ["c"], ["d", null, "e"]].map((of) => node.intake.submit(submissionOf(of)));
    const results = await Promise.all(submitted);
    const rows = await logRows(store);
    expect(rows).toMatchObject([{ seq: 1, alerts: 6 }]);
    expect(node.commits()).toBe(1);
    const [{ committed } = { committed: null }] = results;
    expect(results.map((result) => result.committed)).toEqual([
      { chunk: committed?.chunk, base: 0, seq: 1 },
      { chunk: committed?.chunk, base: 2, seq: 1 },
      { chunk: committed?.chunk, base: 3, seq: 1 },
    ]);
    expect(results.map(({ answer }) => answer.receipt)).toEqual(
      [0, 2, 3].map((place) => alertUuid(rows[0]?.id ?? "", place)),
    );
    expect(timeOfUuid(committed?.chunk ?? "")).toBe(noon);
    const [chunk] = await readLog(store.pool, createRecentChunks(), 0, 100);
    expect(chunk).toMatchObject({ receivedAt: noon, places: 6 });
    expect(chunk?.alerts.map(({ place, alert }) => [place, alert.title])).toEqual([
      [0, "a"],
      [1, "b"],
      [2, "c"],
      [3, "d"],
      [5, "e"],
    ]);
  });

  test("keep the order in which they came, over many commits", async () => {
    const all = Array.from({ length: 60 }, (_, i) => String(i));
    const sent: Promise<unknown>[] = [];
    for (const title of all) {
      sent.push(node.intake.submit(submissionOf([title])));
      if (Number(title) % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(sent);
    expect(await titles()).toEqual(all);
    expect((await logRows(store)).length).toBeLessThan(all.length);
  });

  test("are committed in several rows when they are too much for one", async () => {
    const large = "x".repeat(1_000);
    const request = submissionOf(Array.from({ length: 3_000 }, () => large));
    const results = await Promise.all([1, 2, 3, 4].map(() => node.intake.submit(request)));
    expect(results.map(({ committed }) => [committed.seq, committed.base])).toEqual([
      [1, 0],
      [1, 3_000],
      [2, 0],
      [2, 3_000],
    ]);
  });

  test("are all committed once nothing waits any more", async () => {
    const sent = ["a", "b"].map((title) => node.intake.submit(submissionOf([title])));
    await node.intake.idle();
    expect(await titles()).toEqual(["a", "b"]);
    await Promise.all(sent);
    await node.intake.idle();
  });
});

describe("a full backlog", () => {
  test("refuses with a time to come again, and keeps nothing of the request", async () => {
    const { intake, backlog } = nodeOn(store, 3);
    await intake.submit(submissionOf(["a", "b", "c"]));
    expect(backlog).toMatchObject({ alerts: 3, full: true });
    const refused = intake.submit(submissionOf(["d"]));
    await expect(refused).rejects.toThrow(OverloadedError);
    await expect(refused).rejects.toMatchObject({ code: "overloaded", status: 503, retryAfter: 2 });
    await expect(intake.submit(submissionOf(["d"], { key: "k" }))).rejects.toThrow(OverloadedError);
    backlog.add(-1);
    await intake.submit(submissionOf(["e"], { key: "k" }));
    expect(await titles()).toEqual(["a", "b", "c", "e"]);
  });

  test("refuses whoever sends much, and takes a little of the others for a while", async () => {
    const { intake } = nodeOn(store, 8);
    const titles = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);
    await intake.submit(submissionOf(["a"], { actorId: "quiet" }));
    await intake.submit(submissionOf(titles(7), { actorId: "flood" }));
    await expect(intake.submit(submissionOf(["b"], { actorId: "flood" }))).rejects.toThrow("backlog is full");
    await intake.submit(submissionOf(["c"], { actorId: "quiet" }));
    await intake.submit(submissionOf(["d"], { actorId: "quiet" }));
    await expect(intake.submit(submissionOf(["e"], { actorId: "quiet" }))).rejects.toThrow("backlog is full");
  });

  test("is also what waits in memory, up to 64 MiB", async () => {
    const heavy = { ...submissionOf(["a"]), body: Buffer.alloc(10 * 1024 * 1024) };
    const sent = Array.from({ length: 7 }, () => node.intake.submit(heavy));
    const told = await Promise.allSettled(sent);
    expect(told.map(({ status }) => status)).toEqual([...new Array<string>(6).fill("fulfilled"), "rejected"]);
    await node.intake.submit(submissionOf(["b"]));
  });
});

describe("a store that fails", () => {
  test("fails every request that waits for it, and none after it", async () => {
    await store.pool.query("alter table alert_log rename to away");
    const told = await Promise.allSettled(
      ["a", "b"].map((title) => node.intake.submit(submissionOf([title]))),
    );
    expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(node.backlog.alerts).toBe(0);
    await store.pool.query("alter table away rename to alert_log");
    const { committed } = await node.intake.submit(submissionOf(["c"]));
    expect(committed.seq).toBe(1);
    expect(await titles()).toEqual(["c"]);
  });

  test("fails only the request whose answer it cannot keep", async () => {
    const odd = { key: "odd", answer: (receipt: string) => ({ receipt, odd: "\0" }) };
    const told = await Promise.allSettled([
      node.intake.submit(submissionOf(["a"], { key: "a" })),
      node.intake.submit(submissionOf(["odd"], odd)),
      node.intake.submit(submissionOf(["b"])),
    ]);
    expect(told.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await titles()).toEqual(["a", "b"]);
  });
});

describe("a request with an idempotency key", () => {
  const request = { key: "k", bodyHash: "hash", route: "POST /api/v1/alerts" };

  test("has its answer kept with its alerts", async () => {
    expect(await node.intake.earlierAnswer("sender", request)).toBeNull();
    const { answer } = await node.intake.submit(submissionOf(["a"], { key: "k" }));
    expect(await node.intake.earlierAnswer("sender", request)).toEqual(answer);
    expect(await nodeOn(store).intake.earlierAnswer("sender", request)).toEqual(answer);
  });

  test.each([
    ["actor", "other", request],
    ["route", "sender", { ...request, route: "POST /api/v1/ingest/wazuh" }],
    ["key", "sender", { ...request, key: "K" }],
  ])("of another %s is another request", async (_, actorId, other) => {
    await node.intake.submit(submissionOf(["a"], { key: "k" }));
    expect(await node.intake.earlierAnswer(actorId, other)).toBeNull();
  });

  test("and another body is refused", async () => {
    await node.intake.submit(submissionOf(["a"], { key: "k" }));
    const other = { ...request, bodyHash: "another" };
    await expect(node.intake.earlierAnswer("sender", other)).rejects.toMatchObject({ code: "key_reused" });
    const again = submissionOf(["b"], { key: "k", bodyHash: "another" });
    await expect(node.intake.submit(again)).rejects.toMatchObject({ code: "key_reused" });
    expect(await titles()).toEqual(["a"]);
  });

  test("that was not kept leaves no answer behind", async () => {
    await store.pool.query("alter table alert_log rename to away");
    await expect(node.intake.submit(submissionOf(["a"], { key: "k" }))).rejects.toThrow();
    await store.pool.query("alter table away rename to alert_log");
    expect(await node.intake.earlierAnswer("sender", request)).toBeNull();
    await node.intake.submit(submissionOf(["a"], { key: "k" }));
    expect(await titles()).toEqual(["a"]);
  });

  test("makes a repeat wait for the answer that is on its way", async () => {
    const first = node.intake.submit(submissionOf(["a"], { key: "k" }));
    const waited = await node.intake.earlierAnswer("sender", request);
    expect(waited).toEqual((await first).answer);
  });
});

describe("twins with one key", () => {
  test("that come together are one request, told the same", async () => {
    const twin = () => node.intake.submit(submissionOf(["a"], { key: "k" }));
    const results = await Promise.all([twin(), twin(), twin()]);
    expect(new Set(results.map(({ answer }) => answer.receipt)).size).toBe(1);
    for (const { committed } of results) expect(committed).toEqual(results[0]?.committed);
    expect(await titles()).toEqual(["a"]);
    expect(node.commits()).toBe(1);
  });

  test("with different bodies are one request and one refusal", async () => {
    const told = await Promise.allSettled([
      node.intake.submit(submissionOf(["a"], { key: "k" })),
      node.intake.submit(submissionOf(["b"], { key: "k", bodyHash: "another" })),
    ]);
    expect(told).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "key_reused" } },
    ]);
    expect(await titles()).toEqual(["a"]);
  });

  test("of which the first fails leave it to the second", async () => {
    const odd = { key: "k", answer: (receipt: string) => ({ receipt, odd: "\0" }) };
    const told = await Promise.allSettled([
      node.intake.submit(submissionOf(["a"], odd)),
      node.intake.submit(submissionOf(["b"], { key: "k" })),
    ]);
    expect(told.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(await titles()).toEqual(["b"]);
  });

  test("on two nodes are one request, and do not fail who waits beside them", async () => {
    const other = nodeOn(store);
    const sent = [node, other].map(({ intake }) =>
      Promise.all([
        intake.submit(submissionOf(["before"])),
        intake.submit(submissionOf(["twin"], { key: "k" })),
        intake.submit(submissionOf(["after"])),
      ]),
    );
    const [one, two] = await Promise.all(sent);
    expect(two?.[1]).toEqual(one?.[1]);
    expect((await titles()).toSorted()).toEqual(["after", "after", "before", "before", "twin"]);
  });
});
