import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { barWidth } from "../../server/dashboard/components/bar-width.ts";
import { visibleText } from "../../server/dashboard/components/visible-text.ts";
import { neighbour, stepFrom } from "../../server/dashboard/state/cursor-step.ts";
import { nextPath } from "../../server/dashboard/state/next-path.ts";
import { codeFrom } from "../../server/dashboard/state/pair-code.ts";
import { throttled } from "../../server/dashboard/state/throttled.ts";

describe("the path after signing in", () => {
  it.each([
    ["?next=/pair?code=ABCD-EFGH", "/pair?code=ABCD-EFGH"],
    ["?next=%2Fpair%3Fcode%3DABCD-EFGH", "/pair?code=ABCD-EFGH"],
    ["", "/"],
    ["?next=//evil.example.com", "/"],
    ["?next=/\\evil.example.com", "/"],
    ["?next=/%09/evil.example.com", "/"],
    ["?next=https://evil.example.com", "/"],
    ["?next=javascript:alert(1)", "/"],
  ])("%s leads to %s", (search, path) => {
    expect(nextPath(search)).toBe(path);
  });
});

describe("a pairing code", () => {
  it.each([
    ["abcd-efgh", "ABCD-EFGH"],
    [" ABCD EFGH ", "ABCD-EFGH"],
    ["abcdefgh", "ABCD-EFGH"],
    ["ABCD-EFG", null],
    ["../../x", null],
  ])("%j is read as %j", (text, code) => {
    expect(codeFrom(text)).toBe(code);
  });
});

describe("text of an alert", () => {
  it("shows the characters that turn a name around", () => {
    expect(visibleText("invoice\u202Efdp.exe\u0007")).toBe("invoice⟨U+202E⟩fdp.exe⟨U+0007⟩");
  });
  it("keeps lines, tabs, emoji and other scripts", () => {
    const text = "a\tb\nc 👩‍🔧 مرحبا 警告";
    expect(visibleText(text)).toBe(text);
  });
});

describe("the current row", () => {
  const order = ["a", "b", "c"];
  it("steps and stays within the list", () => {
    expect(stepFrom(null, order, 1)).toBe("a");
    expect(stepFrom(null, order, -1)).toBe("c");
    expect(stepFrom("b", order, 1)).toBe("c");
    expect(stepFrom("c", order, 1)).toBe("c");
    expect(stepFrom(null, [], 1)).toBeNull();
  });
  it("is taken over by the row after it, else the one before", () => {
    expect(neighbour(order, "b", ["a", "c"])).toBe("c");
    expect(neighbour(order, "c", ["a", "b"])).toBe("b");
    expect(neighbour(order, "a", [])).toBeNull();
  });
});

describe("a bar", () => {
  it("keeps two in a hundred thousand visible and nothing at zero", () => {
    expect(barWidth(2, 100_000)).toBeGreaterThan(5);
    expect(barWidth(100_000, 100_000)).toBe(100);
    expect(barWidth(0, 100_000)).toBe(0);
    expect(barWidth(0, 0)).toBe(0);
  });
});

describe("throttled", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("runs at once, then once for everything that came meanwhile", () => {
    const run = vi.fn();
    const wish = throttled(1_000, run);
    for (let n = 0; n < 20; n += 1) wish();
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    expect(run).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(2);
    wish();
    expect(run).toHaveBeenCalledTimes(3);
  });
});
