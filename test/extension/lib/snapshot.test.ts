import { describe, expect, it } from "vitest";
import {
  belongs,
  compareItems,
  mergeItem,
  mergeQueue,
  needsPerson,
} from "../../../extension/lib/snapshot.ts";
import { itemOf, snapshotOf } from "../fixtures.ts";

const counts = { P1: 1, P2: 0, P3: 0, P4: 0, P5: 0, hidden: 0 };

describe("the order of the queue", () => {
  it("goes by band, score, last seen and id, wherever the items start", () => {
    const ordered = [
      itemOf({ id: "a", band: "P1", score: 1 }),
      itemOf({ id: "b", band: "P2", score: 90 }),
      itemOf({ id: "c", band: "P2", score: 80, lastSeen: "2026-03-02T10:00:00Z" }),
      itemOf({ id: "d", band: "P2", score: 80, lastSeen: "2026-03-02T09:00:00Z" }),
      itemOf({ id: "e", band: "P2", score: 80, lastSeen: "2026-03-02T09:00:00Z" }),
    ];
    expect([...ordered].reverse().sort(compareItems)).toEqual(ordered);
  });
});

describe("what stands in the queue", () => {
  it.each([
    [{ status: "acknowledged" }, true],
    [{ status: "resolved" }, false],
    [{ status: "snoozed" }, false],
    [{ band: "P4" }, false],
    [{ hidden: { by: "rule", id: "r", because: "noise" } }, false],
    [{ rollupId: "other" }, false],
    [{ kind: "incident", incidentId: "item-1" }, true],
  ] as const)("%j: %s", (part, expected) => {
    expect(belongs(itemOf(part))).toBe(expected);
  });

  it("an acknowledged item needs nobody", () => {
    expect(needsPerson(itemOf({ status: "acknowledged" }))).toBe(false);
  });
});

describe("a live item", () => {
  it("takes its place in the order", () => {
    const held = snapshotOf([itemOf({ id: "b", band: "P2" })]);
    expect(mergeItem(held, itemOf({ id: "a" })).items.map((item) => item.id)).toEqual(["a", "b"]);
  });

  it("leaves when it is resolved, and an older state cannot bring it back", () => {
    const held = snapshotOf([itemOf({ version: 3 })]);
    const after = mergeItem(held, itemOf({ version: 4, status: "resolved" }));
    expect(after.items).toEqual([]);
    expect(mergeItem(after, itemOf({ version: 3 })).items).toEqual([]);
    expect(mergeItem(after, itemOf({ version: 5 })).items).toHaveLength(1);
  });

  it("with the same version moves count and time only", () => {
    const held = snapshotOf([itemOf({ version: 3, count: 4 })]);
    expect(mergeItem(held, itemOf({ version: 3, count: 9 })).items[0]?.count).toBe(9);
  });

  it("keeps at most 200 and says that there is more", () => {
    const full = Array.from({ length: 200 }, (_, index) =>
      itemOf({ id: `i${index}`, band: "P3", score: index }),
    );
    const after = mergeItem(snapshotOf(full), itemOf({ id: "new" }));
    expect(after.items).toHaveLength(200);
    expect(after.items[0]?.id).toBe("new");
    expect(after.more).toBe(true);
  });
});

describe("a queue answer", () => {
  it("written before an action does not undo it", () => {
    const held = snapshotOf([itemOf({ version: 5, status: "acknowledged" })], { left: { gone: 7 } });
    const answer = {
      items: [itemOf({ version: 4 }), itemOf({ id: "gone", version: 6 })],
      next: null,
      counts,
      version: 9,
    };
    const after = mergeQueue(held, answer, '"9"', 50);
    expect(after.items.map(({ id, status }) => [id, status])).toEqual([["item-1", "acknowledged"]]);
    expect(after).toMatchObject({ etag: '"9"', at: 50, more: false, version: 9 });
  });

  it("drops what it no longer lists", () => {
    const after = mergeQueue(snapshotOf([itemOf()]), { items: [], next: null, counts, version: 2 }, null, 1);
    expect(after.items).toEqual([]);
  });
});
