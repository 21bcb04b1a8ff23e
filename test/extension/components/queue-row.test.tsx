// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { QueueRow } from "../../../extension/components/queue-row.tsx";
import type { Item } from "../../../shared/group.ts";
import { itemOf } from "../fixtures.ts";

const now = Date.parse("2026-03-02T09:42:00Z");

function show(
  part: Partial<Item> = {},
  more: { isCurrent?: boolean; panel?: "note" | "snooze" | "resolve" } = {},
) {
  const on = { onCurrent: vi.fn(), onOpen: vi.fn(), onDecide: vi.fn(), onPanel: vi.fn(), onClose: vi.fn() };
  const { isCurrent = true, panel = null } = more;
  const item = itemOf(part);
  const view = { item, now, isCurrent, hasFocus: false, isLeaving: false, panel };
  render(
    <ol>
      <QueueRow {...view} {...on} />
    </ol>,
  );
  return { ...on, item, row: screen.getByRole("listitem") };
}

afterEach(cleanup);

describe("a row", () => {
  it("says what, where and how much, and why now", () => {
    const { row } = show();
    expect(within(row).getByText("P1")).toBeTruthy();
    expect(within(row).getByRole("button", { name: itemOf().title })).toBeTruthy();
    expect(row.textContent).toContain("production · checkout · 4 alerts · falco");
    expect(row.textContent).toContain("First time ever for falco");
    expect(row.querySelector("time")?.textContent).toContain("2 min");
    expect(row.dataset.itemId).toBe("item-1");
  });

  it("carries its actions only while it is the current one", () => {
    show({}, { isCurrent: false });
    expect(screen.queryByRole("toolbar")).toBeNull();
    cleanup();
    show();
    const names = within(screen.getByRole("toolbar")).getAllByRole("button");
    expect(names.map((button) => button.textContent)).toEqual([
      "Acknowledgea",
      "Noten",
      "Snoozes",
      "Resolver",
    ]);
  });

  it("is acknowledged with one click, current or not", () => {
    const other = show({}, { isCurrent: false });
    fireEvent.click(screen.getByRole("button", { name: `Acknowledge ${itemOf().title}` }));
    expect(other.onDecide).toHaveBeenCalledWith(other.item, { action: "acknowledge", input: {} });
    cleanup();
    const current = show();
    fireEvent.click(within(screen.getByRole("toolbar")).getByText("Acknowledge"));
    expect(current.onDecide).toHaveBeenCalledWith(current.item, { action: "acknowledge", input: {} });
  });

  it("shows markup in a title as text", () => {
    const { row } = show({ title: '<img src=x onerror="alert(1)"><script>alert(1)</script>' });
    expect(row.querySelector("img, script")).toBeNull();
    expect(row.textContent).toContain('<img src=x onerror="alert(1)">');
  });
});

describe("the note of a row", () => {
  it("is sent by Enter and not while a character is being composed", () => {
    const { onDecide, item } = show({}, { panel: "note" });
    const field = screen.getByRole("textbox", { name: "Note" });
    fireEvent.input(field, { target: { value: "  Isolating the host " } });
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    expect(onDecide).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: "Enter" });
    expect(onDecide).toHaveBeenCalledWith(item, {
      action: "annotate",
      input: { text: "Isolating the host" },
    });
  });

  it("is not sent empty, and Escape leaves it", () => {
    const { onDecide, onClose } = show({}, { panel: "note" });
    const field = screen.getByRole("textbox", { name: "Note" });
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.keyDown(field, { key: "Escape" });
    expect(onDecide).not.toHaveBeenCalled();
    expect(onClose).toHaveBeenCalledOnce();
  });
});

describe("the menus of a row", () => {
  it.each([
    ["1", { for: "30m" }],
    ["2", { for: "2h" }],
    ["4", { untilChange: true }],
  ])("snooze by key %s", (key, input) => {
    const { onDecide, item } = show({}, { panel: "snooze" });
    fireEvent.keyDown(screen.getByRole("group", { name: "Snooze for" }), { key });
    expect(onDecide).toHaveBeenCalledWith(item, { action: "snooze", input });
  });

  it("resolve with a verdict and a reason", () => {
    const { onDecide, item } = show({}, { panel: "resolve" });
    fireEvent.input(screen.getByRole("textbox", { name: "Reason, optional" }), {
      target: { value: "planned" },
    });
    fireEvent.click(screen.getByRole("button", { name: "Benign true positive" }));
    const input = { verdict: "benign_true_positive", reason: "planned" };
    expect(onDecide).toHaveBeenCalledWith(item, { action: "resolve", input });
  });

  it("resolve by key, but not while a reason is written", () => {
    const { onDecide, item } = show({}, { panel: "resolve" });
    fireEvent.keyDown(screen.getByRole("textbox", { name: "Reason, optional" }), { key: "3" });
    expect(onDecide).not.toHaveBeenCalled();
    fireEvent.keyDown(screen.getByRole("button", { name: "True positive" }), { key: "3" });
    expect(onDecide).toHaveBeenCalledWith(item, { action: "resolve", input: { verdict: "false_positive" } });
  });
});
