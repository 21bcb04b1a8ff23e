// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AlertList } from "../../../extension/components/alert-list.tsx";
import { OutboxNotices } from "../../../extension/components/outbox-notices.tsx";
import { PairingCard } from "../../../extension/components/pairing-card.tsx";
import { SafeLink } from "../../../extension/components/safe-link.tsx";
import type { Pairing } from "../../../extension/lib/storage.ts";
import { FactorList } from "../../../shared/ui/factor-list.tsx";
import { exactTime, relativeTime } from "../../../shared/ui/relative-time.ts";
import { entryOf, itemOf } from "../fixtures.ts";

afterEach(cleanup);

describe("a link out of an alert", () => {
  it("shows the real host and gives nothing away", () => {
    render(<SafeLink href="https://evil.example.net/a" text="https://bank.example.com/" />);
    const link = screen.getByRole("link");
    expect(link.textContent).toBe("https://bank.example.com/ evil.example.net");
    expect(link.getAttribute("rel")).toBe("noopener noreferrer");
  });

  it("stays text when it is not of the web", () => {
    render(<SafeLink href="data:text/html,x" text="open" />);
    expect(screen.queryByRole("link")).toBeNull();
  });
});

describe("the original alerts", () => {
  it("are shown as they came, as text", () => {
    const alert = {
      id: "a1",
      group: "item-1",
      receivedAt: "2026-03-02T09:40:00Z",
      occurredAt: "2026-03-02T09:40:00Z",
      format: "falco",
      source: "falco",
      rule: "r",
      title: "<b>shell</b>",
      severity: "critical" as const,
      description: null,
      original: '{"output":"<script>alert(1)</script>"}',
    };
    const onMore = vi.fn();
    render(<AlertList alerts={[alert]} hasMore now={0} onMore={onMore} />);
    expect(document.querySelector("script, b")).toBeNull();
    expect(document.querySelector("pre")?.textContent).toBe('{\n  "output": "<script>alert(1)</script>"\n}');
    fireEvent.click(screen.getByRole("button", { name: "Older alerts" }));
    expect(onMore).toHaveBeenCalledOnce();
  });
});

describe("the factors of a score", () => {
  it("stand strongest first with points and sentence, those that lower it with a minus", () => {
    const factors = [
      { name: "volume" as const, points: -4, because: "often" },
      { name: "severity" as const, points: 40, because: "critical" },
    ];
    render(<FactorList factors={factors} />);
    const rows = screen.getAllByRole("listitem").map((row) => row.textContent);
    expect(rows).toEqual(["severity+40critical", "volume−4often"]);
  });
});

describe("what did not work", () => {
  const on = { onRetry: vi.fn(), onDiscard: vi.fn(), onTakeBack: vi.fn(), onOpen: vi.fn() };

  it("is named with what changed and what to do", () => {
    const entry = entryOf({ state: "stale", problem: "Dana acknowledged it" });
    render(<OutboxNotices problems={[entry]} waiting={[]} {...on} />);
    expect(screen.getByRole("list", { name: "Not done" }).textContent).toContain(
      `Not acknowledged: Dana acknowledged it. ${itemOf().title}`,
    );
    fireEvent.click(screen.getByRole("button", { name: "Do it anyway" }));
    expect(on.onRetry).toHaveBeenCalledWith(entry);
  });

  it("and what waits is counted", () => {
    render(<OutboxNotices problems={[]} waiting={[entryOf({ seq: 1 }), entryOf({ seq: 2 })]} {...on} />);
    expect(screen.getByText("2 actions waiting to be sent")).toBeTruthy();
  });
});

describe("the sign-in card", () => {
  const pairing: Pairing = {
    state: "waiting",
    server: "https://a.example.com",
    deviceCode: "d",
    userCode: "WDJB-MJHT",
    approvalUrl: "https://a.example.com/pair?code=WDJB-MJHT",
    expiresAt: 0,
    intervalMs: 5_000,
    because: null,
  };
  const on = { onOpen: vi.fn(), onAgain: vi.fn(), onCancel: vi.fn() };

  it("shows the code and opens the approval page on a click", () => {
    render(<PairingCard pairing={pairing} {...on} />);
    expect(screen.getByText("WDJB-MJHT")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Open approval page" }));
    expect(on.onOpen).toHaveBeenCalledWith(pairing.approvalUrl);
  });

  it("offers a new code when the old one ran out", () => {
    render(<PairingCard pairing={{ ...pairing, state: "expired" }} {...on} />);
    expect(screen.getByRole("status").textContent).toContain("The code was not used in time.");
    fireEvent.click(screen.getByRole("button", { name: "New code" }));
    expect(on.onAgain).toHaveBeenCalledOnce();
  });
});

describe("times", () => {
  const now = Date.parse("2026-03-02T12:00:00Z");
  it.each([
    ["2026-03-02T11:59:30Z", "now"],
    ["2026-03-02T12:00:20Z", "now"],
    ["2026-03-02T11:56:00Z", "4 min"],
    ["2026-03-02T09:00:00Z", "3 h"],
    ["2026-02-27T11:00:00Z", "3 d"],
    ["never", "unknown"],
  ])("%s is %s", (at, text) => {
    expect(relativeTime(at, now)).toBe(text);
  });

  it("are exact on demand, and what is no time stays as it is", () => {
    expect(exactTime("2026-03-02T11:56:07Z")).toContain("2026");
    expect(exactTime("never")).toBe("never");
  });
});
