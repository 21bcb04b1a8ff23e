import { expect, it } from "vitest";
import { createRefusalQueue, type Refusal } from "../../server/observe/refusal-queue.ts";

const refusal = (id: string, parts = 1, weight = 10): Refusal => ({
  at: 0,
  actor: { id, name: id, environments: null, services: null },
  format: "alert",
  requestId: "r",
  parts: Array.from({ length: parts }, (_, place) => ({ place, code: "x", message: "m", size: null })),
  weight,
  payloads: () => [],
});

it("takes few of a sender, leaves others their room, and takes more once they were taken", () => {
  const queue = createRefusalQueue();
  let made = 0;
  for (let i = 0; i < 1_000; i += 1) {
    queue.offer("loud", 500, () => {
      made += 1;
      return refusal("loud", 3);
    });
  }
  queue.offer("quiet", 1, () => refusal("quiet"));
  expect(made).toBe(3);
  expect(queue.take().map(({ actor }) => actor.id)).toEqual(["loud", "loud", "loud", "quiet"]);
  expect([queue.kept, queue.leftOut]).toEqual([10, 1_000 * 500 - 9]);
  expect(queue.take()).toEqual([]);
  queue.offer("loud", 1, () => refusal("loud"));
  expect(queue.take().length).toBe(1);
});

it("holds on to few bytes, however many senders there are", () => {
  const queue = createRefusalQueue();
  const weight = 256 * 1_024;
  for (let i = 0; i < 1_000; i += 1) queue.offer(`s-${i}`, 1, () => refusal(`s-${i}`, 1, weight));
  expect(queue.take().reduce((sum, one) => sum + one.weight, 0)).toBeLessThanOrEqual(2 * 1_024 * 1_024);
  for (let i = 0; i < 1_000; i += 1) queue.offer(`s-${i}`, 1, () => refusal(`s-${i}`));
  expect(queue.take().length).toBe(60);
});
