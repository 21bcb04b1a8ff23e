// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EmptyQueue } from "../../server/dashboard/components/empty-queue.tsx";
import { FunnelPanel } from "../../server/dashboard/components/funnel-panel.tsx";
import { GridPanel } from "../../server/dashboard/components/grid-table.tsx";
import { Headline } from "../../server/dashboard/components/headline.tsx";
import { QueueRow } from "../../server/dashboard/components/queue-row.tsx";
import { QueueTabs } from "../../server/dashboard/components/queue-tabs.tsx";
import { SafeLink } from "../../server/dashboard/components/safe-link.tsx";
import { ToastArea } from "../../server/dashboard/components/toast-area.tsx";
import { WaitingPill } from "../../server/dashboard/components/waiting-pill.tsx";
import { changeFilters } from "../../server/dashboard/state/address.ts";
import { noFilters } from "../../server/dashboard/state/filters.ts";
import { ready } from "../../server/dashboard/state/loaded.ts";
import { counts, listing } from "../../server/dashboard/state/queue.ts";
import { funnel, grid } from "../../server/dashboard/state/reports.ts";
import { me } from "../../server/dashboard/state/session.ts";
import { unacknowledged } from "../../server/dashboard/state/summary.ts";
import { say, toast } from "../../server/dashboard/state/toast.ts";
import type { Item } from "../../shared/group.ts";
import { anItem } from "./an-item.ts";

const now = Date.parse("2026-03-01T09:12:00.000Z");
const none = { P1: 0, P2: 0, P3: 0, P4: 0, P5: 0, hidden: 0 };
const person = { id: "u1", name: "Jo", role: "analyst", environments: null, services: null } as const;

function waitFor(items: Item[], of: Partial<typeof none>, all: Partial<typeof none>) {
  unacknowledged.value = ready({ items, next: null, counts: { ...none, ...of }, version: 1 });
  counts.value = { ...none, ...all };
}

beforeEach(() => {
  me.value = ready({ ...person, scopes: ["queue:read", "queue:act", "reports:read"] });
  changeFilters(noFilters, "replace");
});
afterEach(() => {
  cleanup();
  toast.value = null;
});

describe("the first sentence", () => {
  it("says how many need a person and since when the oldest waits", () => {
    const old = anItem({ id: "old", firstSeen: "2026-03-01T09:00:00.000Z" });
    const young = anItem({ id: "young", firstSeen: "2026-03-01T09:11:30.000Z" });
    waitFor([young, old], { P2: 2, P3: 1 }, { P2: 2, P3: 2 });
    render(<Headline now={now} />);
    const heading = screen.getByRole("heading", { level: 1 });
    expect(heading.textContent).toBe("3 need you, oldest unacknowledged 12 min · 1 acknowledged");
  });

  it("takes the last alert of a reopened group, because its first one is from another episode", () => {
    waitFor([anItem({ episode: 3, firstSeen: "2025-01-01T00:00:00.000Z" })], { P2: 1 }, { P2: 1 });
    render(<Headline now={now} />);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe(
      "1 needs you, oldest unacknowledged 2 min",
    );
  });

  it("is calm and counts what was kept away when nothing waits", () => {
    waitFor([], {}, { hidden: 412, P4: 12 });
    render(<Headline now={now} />);
    const heading = screen.getByRole("heading", { level: 1 });
    expect(heading.textContent).toBe("In control. Nothing needs you. 412 hidden, 12 items in the digest.");
  });
});

describe("a row", () => {
  const hostile = '<img src=x onerror="alert(1)">\u202Egpj.exe';

  it("shows hostile text as text and in its true order", () => {
    const item = anItem({ title: hostile, service: hostile, environment: hostile });
    const { container } = render(<QueueRow item={item} now={now} />);
    expect(container.querySelector("img")).toBeNull();
    expect(screen.getByRole("link").textContent).toContain('onerror="alert(1)">⟨U+202E⟩gpj.exe');
  });

  it("carries its id and gives the strongest reason", () => {
    const factors: Item["factors"] = [
      { name: "severity", points: 10, because: "Low" },
      { name: "threat", points: 30, because: "First time on this host" },
    ];
    const { container } = render(<QueueRow item={anItem({ factors })} now={now} />);
    expect(container.querySelector('[data-item-id="item-1"]')).not.toBeNull();
    expect(screen.getByText("First time on this host")).toBeTruthy();
    expect(screen.queryByText("Low")).toBeNull();
  });

  it("says who hid it and why", () => {
    const hidden = { by: "silence", id: "s1", because: "nightly rebuild, until 06:00" } as const;
    render(<QueueRow item={anItem({ hidden })} now={now} />);
    expect(screen.getByText("Hidden by a silence: nightly rebuild, until 06:00")).toBeTruthy();
  });

  it("offers what its state allows, and nothing to a viewer", () => {
    const { rerender } = render(<QueueRow item={anItem()} now={now} />);
    expect(screen.getByRole("button", { name: "Acknowledge" })).toBeTruthy();
    rerender(<QueueRow item={anItem({ status: "resolved" })} now={now} />);
    expect(screen.queryByRole("button", { name: "Acknowledge" })).toBeNull();
    expect(screen.getByRole("button", { name: "Reopen" })).toBeTruthy();
    me.value = ready({ ...person, role: "viewer", scopes: ["queue:read"] });
    rerender(<QueueRow item={anItem({ version: 2 })} now={now} />);
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("a link out of an alert", () => {
  it.each(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "java\nscript:alert(1)"])(
    "%j is text",
    (href) => {
      render(<SafeLink href={href} text="click" />);
      expect(screen.queryByRole("link")).toBeNull();
      expect(screen.getByText("click")).toBeTruthy();
    },
  );

  it("shows the host it really leads to", () => {
    render(<SafeLink href="https://evil.example.com/x" text="https://bank.example.org" />);
    expect(screen.getByRole("link").getAttribute("rel")).toBe("noopener noreferrer");
    expect(screen.getByText("(evil.example.com)")).toBeTruthy();
  });
});

describe("the grid", () => {
  const empty = { critical: 0, high: 0, medium: 0, low: 0, info: 0, hidden: 0 };

  it("filters the queue by the cell that is pressed, and lifts the filter when pressed again", () => {
    grid.value = ready({
      rows: [{ environment: "production", mapped: true, ...empty, high: 3, hidden: 38 }],
    });
    render(<GridPanel />);
    const cell = screen.getByRole("button", { name: "production, high: 3 open, filter the queue" });
    fireEvent.click(cell);
    expect(location.search).toBe("?environment=production&severity=high");
    fireEvent.click(cell);
    expect(location.search).toBe("");
    fireEvent.click(screen.getByRole("button", { name: "production: 38 groups hidden, show them" }));
    expect(location.search).toBe("?environment=production&hidden=only");
  });

  it("marks an environment that no rule of the policy names", () => {
    grid.value = ready({ rows: [{ environment: "lab", mapped: false, ...empty, low: 1 }] });
    render(<GridPanel />);
    const row = screen.getByRole("row", { name: /^lab/ });
    expect(within(row).getByText("counted as production until mapped")).toBeTruthy();
  });
});

describe("figures and tabs", () => {
  it("shows every step of the funnel with its number", () => {
    const span = { from: "2026-03-01T00:00:00Z", to: "2026-03-02T00:00:00Z" };
    funnel.value = ready({ ...span, received: 9412, groups: 318, shown: 11, acted: 8, real: 2, hidden: 41 });
    const { container } = render(<FunnelPanel />);
    const steps = [...container.querySelectorAll(".funnel-count")].map(
      (step) => step.firstChild?.textContent,
    );
    expect(steps).toEqual(["9,412", "318", "11", "8", "2"]);
  });

  it("says how many are hidden and which tab is shown", () => {
    counts.value = { ...none, hidden: 412 };
    render(<QueueTabs />);
    fireEvent.click(screen.getByRole("button", { name: "Hidden (412)" }));
    expect(location.search).toBe("?hidden=only");
    expect(screen.getByRole("button", { name: "Hidden (412)", pressed: true })).toBeTruthy();
  });

  it("offers a way out of filters that match nothing", () => {
    changeFilters({ q: "zzz" });
    render(<EmptyQueue />);
    fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    expect(location.search).toBe("");
  });

  it("says how many wait and that one of them is a P1", () => {
    listing.value = { items: [], waiting: [anItem(), anItem({ id: "b", band: "P1" })], next: null };
    render(<WaitingPill />);
    fireEvent.click(screen.getByRole("button", { name: "2 new, 1 of them P1 · show" }));
    expect(listing.value.items).toHaveLength(2);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("offers to undo and can be dismissed", () => {
    let undone = 0;
    render(<ToastArea />);
    say("Acknowledged.", "done", { label: "Undo", key: "u", run: () => (undone += 1) });
    return screen.findByRole("button", { name: "Undo" }).then((button) => {
      fireEvent.click(button);
      expect(undone).toBe(1);
      fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
      expect(toast.value).toBeNull();
    });
  });
});
