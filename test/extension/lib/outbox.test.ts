import { describe, expect, it } from "vitest";
import { backoffMs } from "../../../extension/lib/backoff.ts";
import {
  belongsTo,
  canUndo,
  isSpent,
  nextToSend,
  overlay,
  versionToSend,
} from "../../../extension/lib/outbox.ts";
import { entryOf, itemOf } from "../fixtures.ts";

const owner = { server: "https://a.example.com", person: "p1" };
const always = () => true;

describe("the next entry to send", () => {
  it("is the oldest", () => {
    const entries = [entryOf({ seq: 1 }), entryOf({ seq: 2, before: itemOf({ id: "b" }) })];
    expect(nextToSend(entries, owner, always)?.seq).toBe(1);
  });

  it("never overtakes an earlier one of the same item, but other items pass", () => {
    const entries = [
      entryOf({ seq: 1, nextAt: 99 }),
      entryOf({ seq: 2 }),
      entryOf({ seq: 3, before: itemOf({ id: "b" }) }),
    ];
    expect(nextToSend(entries, owner, (entry) => entry.nextAt < 50)?.seq).toBe(3);
  });

  it("is not one that failed, was sent, or is somebody else's", () => {
    const entries = [
      entryOf({ seq: 1, state: "failed" }),
      entryOf({ seq: 2, state: "stale" }),
      entryOf({ seq: 3, state: "sent" }),
      entryOf({ seq: 4, owner: { server: "https://b.example.com", person: "p1" } }),
      entryOf({ seq: 5, owner: { ...owner, person: "p2" } }),
    ];
    expect(nextToSend(entries, owner, always)).toBeNull();
  });

  it("is one that was sent and then taken back", () => {
    expect(nextToSend([entryOf({ state: "sent", undone: true })], owner, always)).not.toBeNull();
  });

  it("may belong to a person whose name was not known yet", () => {
    expect(belongsTo(entryOf({ owner: { ...owner, person: null } }), owner)).toBe(true);
  });
});

describe("the version that is sent", () => {
  const note = { action: "annotate" as const, input: { text: "x" } };
  const earlier = { seq: 1, state: "sent" as const, resultVersion: 6 };

  it("is the one the person saw", () => {
    const entry = entryOf({ before: itemOf({ version: 5 }) });
    expect(versionToSend(entry, [entry])).toBe(5);
  });

  it("is none for a note", () => {
    expect(versionToSend(entryOf({ decision: note }), [])).toBeNull();
  });

  it("moves on with the person's own note", () => {
    const first = entryOf({ ...earlier, decision: note, before: itemOf({ version: 5 }) });
    const second = entryOf({ seq: 2, before: itemOf({ version: 5 }) });
    expect(versionToSend(second, [first, second])).toBe(6);
  });

  it("does not move on when somebody else changed the item between", () => {
    const first = entryOf({ ...earlier, resultVersion: 8, decision: note, before: itemOf({ version: 5 }) });
    const second = entryOf({ seq: 2, before: itemOf({ version: 5 }) });
    expect(versionToSend(second, [first, second])).toBe(5);
  });

  it("stays as it was sent first, so that a resend is the same request", () => {
    const first = entryOf({ ...earlier, decision: note, before: itemOf({ version: 5 }) });
    const second = entryOf({ seq: 2, attempts: 1, version: 5, before: itemOf({ version: 5 }) });
    expect(versionToSend(second, [first, second])).toBe(5);
  });
});

describe("the items with what waits applied", () => {
  it("shows an acknowledgement at once", () => {
    const [item] = overlay([itemOf()], [entryOf()], "Robin");
    expect(item).toMatchObject({ status: "acknowledged", acknowledgedBy: "Robin" });
  });

  it("shows what was taken back as it was", () => {
    const entry = entryOf({ state: "sent", undone: true });
    expect(overlay([], [entry], "Robin")).toEqual([entry.before]);
  });

  it("leaves a failed decision out", () => {
    expect(overlay([itemOf()], [entryOf({ state: "failed" })], null)).toEqual([itemOf()]);
  });
});

describe("an entry in time", () => {
  it("can be taken back for eight seconds", () => {
    expect(canUndo(entryOf({ madeAt: 0 }), 7_999)).toBe(true);
    expect(canUndo(entryOf({ madeAt: 0 }), 8_000)).toBe(false);
    expect(canUndo(entryOf({ madeAt: 0, state: "failed" }), 1)).toBe(false);
  });

  it("that was sent is kept while a later one of its item waits", () => {
    const sent = entryOf({ seq: 1, state: "sent", madeAt: 0 });
    expect(isSpent(sent, [sent], 60_000)).toBe(true);
    expect(isSpent(sent, [sent, entryOf({ seq: 2 })], 60_000)).toBe(false);
    expect(isSpent(sent, [sent], 59_999)).toBe(false);
  });

  it("waits longer after each attempt, up to a minute and a fifth", () => {
    expect([1, 2, 3, 4].map((attempts) => backoffMs(attempts, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(backoffMs(50, 0.999)).toBeLessThanOrEqual(72_000);
    expect(backoffMs(1, 0)).toBe(800);
  });
});
