import { beforeEach, describe, expect, it, vi } from "vitest";
import { itemOf, snapshotOf } from "../fixtures.ts";

/** The state lives as long as a popup, so every test opens one. */
async function openPopup() {
  vi.resetModules();
  // The polyfill loads nowhere else; nothing here calls the browser.
  vi.stubGlobal("chrome", { runtime: { id: "quietwatch" } });
  const stored = await import("../../../extension/state/stored.ts");
  const queue = await import("../../../extension/state/queue.ts");
  queue.followRows();
  return { stored, queue };
}

describe("the list in an open popup", () => {
  let popup: Awaited<ReturnType<typeof openPopup>>;
  const low = itemOf({ id: "low", band: "P3", score: 40 });
  const high = itemOf({ id: "high", band: "P1", score: 90 });
  const ids = () => popup.queue.rows.value.map(({ id }) => id);

  beforeEach(async () => {
    popup = await openPopup();
    popup.stored.snapshot.value = snapshotOf([low]);
  });

  it("follows the queue before anybody reads it, and stands on its first row", () => {
    popup.stored.snapshot.value = snapshotOf([low, high]);
    expect(ids()).toEqual(["high", "low"]);
    expect(popup.queue.freshCount.value).toBe(0);
    expect(popup.queue.current.value).toBe("high");
  });

  it("keeps still once somebody reads it, and lets in what waits when asked", () => {
    popup.queue.keepStill();
    popup.stored.snapshot.value = snapshotOf([low, high]);
    expect(ids()).toEqual(["low"]);
    expect(popup.queue.freshCount.value).toBe(1);
    expect(popup.queue.current.value).toBe("low");
    popup.queue.settle();
    expect(ids()).toEqual(["high", "low"]);
  });
});
