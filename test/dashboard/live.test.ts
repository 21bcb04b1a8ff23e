import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connection, followStream, type Source } from "../../server/dashboard/state/live.ts";
import type { Item } from "../../shared/group.ts";
import { anItem } from "./an-item.ts";

class FakeSource extends EventTarget implements Source {
  readyState = 1;
  close() {
    this.readyState = 2;
  }
  send(type: string, data: unknown = {}) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

let sources: FakeSource[] = [];
let received: Item[][] = [];
let gaps = 0;
let stop = () => {};

function latest(): FakeSource {
  const source = sources.at(-1);
  if (source === undefined) throw new Error("no stream was opened");
  return source;
}

beforeEach(() => {
  vi.useFakeTimers();
  sources = [];
  received = [];
  gaps = 0;
  stop = followStream(
    () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    {
      onItems: (items) => received.push(items),
      onCounts: () => {},
      onGap: () => {
        gaps += 1;
      },
    },
  );
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe("the live stream", () => {
  it("hands over a burst of items in one piece", () => {
    latest().send("open");
    for (let n = 0; n < 50; n += 1) latest().send("item", anItem({ id: `i${n}` }));
    vi.advanceTimersByTime(200);
    expect(received).toHaveLength(1);
    expect(received[0]).toHaveLength(50);
  });

  it("is lost while the browser reconnects, and live again without reading everything anew", () => {
    latest().send("open");
    latest().readyState = 0;
    latest().dispatchEvent(new Event("error"));
    expect(connection.value).toBe("lost");
    latest().send("open");
    expect(connection.value).toBe("live");
    expect(gaps).toBe(0);
    expect(sources).toHaveLength(1);
  });

  it("is opened anew when the server refuses it, and then everything is read again", () => {
    latest().send("open");
    latest().readyState = 2;
    latest().dispatchEvent(new Event("error"));
    vi.advanceTimersByTime(1_000);
    expect(sources).toHaveLength(2);
    latest().send("open");
    expect(gaps).toBe(1);
  });

  it("is opened anew after 45 seconds of silence, heartbeats keep it", () => {
    latest().send("open");
    for (let n = 0; n < 6; n += 1) {
      vi.advanceTimersByTime(15_000);
      latest().send("heartbeat");
    }
    expect(sources).toHaveLength(1);
    vi.advanceTimersByTime(52_000);
    expect(sources).toHaveLength(2);
  });

  it("waits longer after each refusal, half a minute at the most", () => {
    for (let n = 0; n < 10; n += 1) {
      latest().readyState = 2;
      latest().dispatchEvent(new Event("error"));
      vi.advanceTimersByTime(30_000);
    }
    expect(sources).toHaveLength(11);
    latest().readyState = 2;
    latest().dispatchEvent(new Event("error"));
    vi.advanceTimersByTime(29_000);
    expect(sources).toHaveLength(11);
  });

  it("asks for everything anew upon a reset", () => {
    latest().send("reset", { because: "too long away" });
    expect(gaps).toBe(1);
  });
});
