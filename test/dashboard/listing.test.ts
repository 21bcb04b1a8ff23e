import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Filters, noFilters } from "../../server/dashboard/state/filters.ts";
import {
  belongs,
  compareItems,
  emptyListing,
  type Listing,
  receive,
  showWaiting,
  withPage,
} from "../../server/dashboard/state/listing.ts";
import { bands, type Item } from "../../shared/group.ts";
import { anItem } from "./an-item.ts";

const first = anItem({ id: "a", score: 90 });
const second = anItem({ id: "b", score: 80 });
const both: Listing = { items: [first, second], waiting: [], next: null };
const idle = { filters: noFilters, isReading: false, keep: null };
const reading = { ...idle, isReading: true };
const ids = (items: readonly Item[]) => items.map((item) => item.id);

describe("a live list", () => {
  it("puts a new item in its place while nobody reads", () => {
    const next = receive(both, [anItem({ id: "c", score: 85 })], idle);
    expect(ids(next.items)).toEqual(["a", "c", "b"]);
    expect(next.waiting).toEqual([]);
  });

  it("lets a new item wait while somebody reads, and shows it when asked", () => {
    const next = receive(both, [anItem({ id: "c", band: "P1" })], reading);
    expect(ids(next.items)).toEqual(["a", "b"]);
    expect(ids(next.waiting)).toEqual(["c"]);
    expect(ids(showWaiting(next).items)).toEqual(["c", "a", "b"]);
    expect(showWaiting(next).waiting).toEqual([]);
  });

  it("counts an item that waits and changes once, in its newest form", () => {
    const changes = [anItem({ id: "c", count: 1 }), anItem({ id: "c", count: 2 })];
    expect(receive(both, changes, reading).waiting).toEqual([changes[1]]);
  });

  it("does not move a row under a reader when its score changes", () => {
    const raised = anItem({ id: "b", score: 99 });
    expect(receive(both, [raised], reading).items).toEqual([first, raised]);
    expect(ids(receive(both, [raised], idle).items)).toEqual(["b", "a"]);
  });

  it("drops a row that no longer belongs, unless it is the opened one", () => {
    const resolved = anItem({ id: "a", status: "resolved" });
    expect(ids(receive(both, [resolved], reading).items)).toEqual(["b"]);
    expect(receive(both, [resolved], { ...reading, keep: "a" }).items[0]).toEqual(resolved);
  });

  it("forgets a waiting item that was resolved before it was shown", () => {
    const waiting = receive(both, [anItem({ id: "c" })], reading);
    expect(receive(waiting, [anItem({ id: "c", status: "resolved" })], reading).waiting).toEqual([]);
  });

  it("leaves an item that lies beyond the last page to that page", () => {
    const paged: Listing = { ...both, next: "cursor" };
    expect(ids(receive(paged, [anItem({ id: "z", score: 1 })], idle).items)).toEqual(["a", "b"]);
    expect(ids(receive(paged, [anItem({ id: "z", score: 85 })], idle).items)).toEqual(["a", "z", "b"]);
  });

  it("takes no unknown item into a searched list, because only the server knows what a search finds", () => {
    const searched = { ...idle, filters: { ...noFilters, q: "shell" } };
    expect(receive(both, [anItem({ id: "c" })], searched).items).toEqual(both.items);
    expect(receive(both, [anItem({ id: "a", score: 90, count: 9 })], searched).items[0]?.count).toBe(9);
  });

  it("keeps an item once when a page brings it again", () => {
    const page = { items: [anItem({ id: "b", score: 10 }), anItem({ id: "c" })], next: null };
    expect(ids(withPage({ ...both, next: "x" }, page).items)).toEqual(["a", "b", "c"]);
  });
});

describe("belonging", () => {
  const cases: [string, Partial<Item>, Partial<Filters>, boolean][] = [
    ["an open P2 to what needs a person", {}, {}, true],
    ["an acknowledged one too", { status: "acknowledged" }, {}, true],
    ["a snoozed one not", { status: "snoozed" }, {}, false],
    ["a P4 not", { band: "P4" }, {}, false],
    ["a P4 to the digest", { band: "P4" }, { band: ["P4"] }, true],
    ["a hidden one not", { hidden: { by: "rule", id: "r", because: "x" } }, {}, false],
    ["a hidden one to the hidden", { hidden: { by: "rule", id: "r", because: "x" } }, { hidden: true }, true],
    ["a shown one not to the hidden", {}, { hidden: true }, false],
    ["a member of a roll-up never", { rollupId: "r1" }, {}, false],
    ["a member of an incident never", { incidentId: "i1" }, {}, false],
    ["another environment not", {}, { environment: ["staging"] }, false],
    ["another severity not", {}, { severity: ["low"] }, false],
    ["a resolved hidden one to the resolved", { status: "resolved" }, { status: "resolved" }, true],
  ];
  it.each(cases)("%s", (_name, item, filters, expected) => {
    expect(belongs(anItem(item), { ...noFilters, ...filters })).toBe(expected);
  });
});

const items = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    band: fc.constantFrom(...bands.slice(0, 3)),
    score: fc.nat(100),
  }),
  { selector: (item) => item.id, maxLength: 30 },
);

describe("the order", () => {
  it("of a list fed live is the order of the same list read at once", () => {
    fc.assert(
      fc.property(items, (some) => {
        const all = some.map((change) => anItem(change));
        let live = emptyListing;
        for (const item of all) live = receive(live, [item], idle);
        expect(ids(live.items)).toEqual(ids([...all].sort(compareItems)));
      }),
    );
  });

  it("is the same whether items waited or not", () => {
    fc.assert(
      fc.property(items, (some) => {
        const all = some.map((change) => anItem(change));
        const waited = showWaiting(receive(emptyListing, all, reading));
        expect(ids(waited.items)).toEqual(ids(receive(emptyListing, all, idle).items));
      }),
    );
  });
});
