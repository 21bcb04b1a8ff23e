import { describe, expect, test } from "vitest";
import { dedupKeyOf } from "../../server/adapters/pagerduty.ts";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [disk, queue, page, over, overInFull] = fixtureAlerts("pagerduty", "pagerduty/events.ndjson");
const trigger = (payload: object, more: object = {}) =>
  alertOf(
    read("pagerduty", {
      routing_key: "r",
      event_action: "trigger",
      payload: { summary: "s", source: "web-1", severity: "info", ...payload },
      ...more,
    }),
  );

describe("an event of PagerDuty", () => {
  test("becomes an alert of its class", () => {
    expect(disk).toEqual({
      source: "pagerduty",
      rule: "disk",
      title: "Disk of web-3.example.com at 97%",
      severity: "critical",
      environment: "prod",
      service: "shop",
      occurredAt: "2026-11-23T12:00:58.315Z",
      status: "firing",
      dedupKey: "pagerduty|web-3/disk",
      entities: [{ type: "host", value: "web-3.example.com", role: "target" }],
      labels: {
        dedup_key: "web-3/disk",
        source: "web-3.example.com",
        component: "nginx",
        group: "shop-web",
        class: "disk",
        client: "Invented Monitor",
        "free space": "3%",
        "load avg": "0.75",
        environment: "prod",
        service: "shop",
        runbook_url: "https://wiki.example.com/disk",
      },
      links: [
        { href: "https://monitor.example.com/e/1", text: "Event" },
        { href: "https://monitor.example.com", text: "Invented Monitor" },
        { href: "https://monitor.example.com/e/1.png", text: "Free space" },
      ],
      hints: { nativeSeverity: "critical", runbookUrl: "https://wiki.example.com/disk" },
    });
  });

  test("that resolves has the same identity, no severity of its own, and describes nothing", () => {
    for (const one of [over, overInFull]) {
      expect(one).toMatchObject({ dedupKey: disk?.dedupKey, status: "resolved", severity: "info" });
      expect(one?.hints?.onlyEnds).toBe(true);
    }
  });

  test("without a key gets one that its repeat gets too, and another thing does not", () => {
    expect(queue?.entities).toEqual([{ type: "ip", value: "192.0.2.31", role: "target" }]);
    expect(page?.entities?.[0]?.type).toBe("url");
    const made = trigger({ class: "queue", summary: "stuck for 5 minutes" });
    expect(made.labels?.dedup_key).toMatch(/^[0-9a-f]{32}$/);
    expect(trigger({ class: "queue", summary: "stuck for 9 minutes" }).dedupKey).toBe(made.dedupKey);
    expect(trigger({ class: "queue", source: "web-2" }).dedupKey).not.toBe(made.dedupKey);
    expect(trigger({ class: "disk" }).dedupKey).not.toBe(made.dedupKey);
    expect(trigger({ summary: "one" }).dedupKey).not.toBe(trigger({ summary: "other" }).dedupKey);
  });

  test("keeps its identity whatever the integration it came by", () => {
    const keys = ["a", "b"].map((routing_key) => trigger({}, { routing_key, dedup_key: "x" }).dedupKey);
    expect(new Set(keys)).toEqual(new Set(["pagerduty|x"]));
    expect(dedupKeyOf({ dedup_key: "x" })).toBe("x");
  });

  test.each([
    ["critical", "critical"],
    ["error", "high"],
    ["warning", "medium"],
    ["info", "info"],
    ["purple", "medium"],
  ])("of severity %s is %s", (severity, expected) => {
    expect(trigger({ severity })).toMatchObject({
      severity: expected,
      hints: { nativeSeverity: severity },
    });
  });

  test.each([
    [{ event_action: "trigger" }, "payload.summary: is required"],
    [{ event_action: "resolve" }, "dedup_key: is required to resolve"],
    [{ event_action: "close" }, "event_action: one of trigger, acknowledge, resolve"],
    [{ payload: { summary: "a change event" } }, "event_action: one of trigger, acknowledge, resolve"],
    [
      { event_action: "acknowledge", dedup_key: "a" },
      "event_action: an acknowledgement is no alert; send it to /compat/pagerduty/v2/enqueue",
    ],
  ])("%j is rejected", (record, message) => {
    expect(rejectOf(read("pagerduty", record))).toEqual({ code: "invalid_alert", message });
  });
});
