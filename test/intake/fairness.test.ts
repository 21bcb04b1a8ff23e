import { describe, expect, test } from "vitest";
import { createHeavySenders } from "../../server/intake/heavy-senders.ts";
import { createTurns } from "../../server/intake/turns.ts";

const mebibyte = 1024 * 1024;
const nextTick = () => new Promise((resolve) => setImmediate(resolve));

/** Senders in the order in which their bodies were read. */
async function orderOf(bodies: [sender: string, bytes: number][]): Promise<string[]> {
  const turns = createTurns();
  const order: string[] = [];
  await Promise.all(
    bodies.map(async ([sender, bytes]) => {
      await turns.take(sender, bytes);
      order.push(sender);
    }),
  );
  return order;
}

describe("turns", () => {
  test("are not waited for while there is room", () => {
    const turns = createTurns();
    for (let i = 0; i < 100; i += 1) expect(turns.take("a", 1_000)).toBeUndefined();
  });

  test("go round the senders, however many bodies one of them sends", async () => {
    const flood = Array.from({ length: 20 }, (): [string, number] => ["flood", mebibyte]);
    const order = await orderOf([...flood, ["quiet", 300], ["other", 300]]);
    // The first fills its tick; then everybody's first body comes before anybody's second.
    expect(order.slice(0, 4)).toEqual(["flood", "flood", "quiet", "other"]);
    expect(order).toHaveLength(22);
  });

  test("keep each sender's own order", async () => {
    const turns = createTurns();
    const order: number[] = [];
    const take = async (i: number) => {
      await turns.take("a", mebibyte);
      order.push(i);
    };
    await Promise.all([0, 1, 2, 3].map(take));
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test("let other work run between large bodies", async () => {
    const turns = createTurns();
    const reading = Promise.all([1, 2, 3, 4].map(() => turns.take("a", mebibyte)));
    let isDone = false;
    void reading.then(() => {
      isDone = true;
    });
    await nextTick();
    expect(isDone).toBe(false);
    await reading;
  });
});

describe("a heavy sender", () => {
  test("is one that sends at least as much as the average", () => {
    const heavy = createHeavySenders(() => 0);
    heavy.sent("flood", 100_000);
    heavy.sent("quiet", 10);
    expect(heavy.isHeavy("flood")).toBe(true);
    expect(heavy.isHeavy("quiet")).toBe(false);
    expect(heavy.isHeavy("nobody so far")).toBe(false);
  });

  test("is the only one there is", () => {
    const heavy = createHeavySenders(() => 0);
    expect(heavy.isHeavy("a")).toBe(true);
    heavy.sent("a", 1);
    expect(heavy.isHeavy("a")).toBe(true);
  });

  test("is forgotten when it stops", () => {
    let now = 0;
    const heavy = createHeavySenders(() => now);
    heavy.sent("flood", 1_000);
    now = 60_000;
    heavy.sent("a", 10);
    heavy.sent("b", 1);
    expect(heavy.isHeavy("flood")).toBe(false);
    expect(heavy.isHeavy("a")).toBe(true);
  });
});
