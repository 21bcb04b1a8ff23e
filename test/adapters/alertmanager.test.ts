import { describe, expect, test } from "vitest";
import { readPostableAlert } from "../../server/adapters/alertmanager.ts";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [firing, resolved] = fixtureAlerts("alertmanager", "alertmanager/webhook-firing.json");
const [old] = fixtureAlerts("alertmanager", "alertmanager/webhook-resolved-v3.json");
const [posted, watchdog, probe, unnamed] = fixtureAlerts("alertmanager", "alertmanager/posted.json");
const labelled = (labels: object) => alertOf([readPostableAlert({ labels })]);

describe("an alert of Alertmanager's webhook", () => {
  test("becomes an alert of its rule", () => {
    expect(firing).toEqual({
      source: "alertmanager",
      rule: "DiskFull",
      title: "Disk of db-3 is full",
      severity: "critical",
      environment: "prod",
      service: "node",
      occurredAt: "2026-11-23T12:00:00.123Z",
      status: "firing",
      dedupKey:
        "alertmanager|alertname|DiskFull|env|prod|instance|db-3.example.com:9100|job|node|severity|critical",
      entities: [{ type: "host", value: "db-3.example.com", role: "target" }],
      labels: {
        alertname: "DiskFull",
        env: "prod",
        instance: "db-3.example.com:9100",
        job: "node",
        severity: "critical",
        prometheus_replica: "a",
      },
      description: "2 % left",
      links: [
        { href: "https://prom.example.com/graph?g0", text: "Source" },
        { href: "https://grafana.example.com/d/1", text: "Dashboard" },
        { href: "https://am.example.com", text: "Alertmanager" },
      ],
      hints: {
        nativeSeverity: "critical",
        heartbeatKey: `${firing?.dedupKey?.replaceAll("|", "\\|")}|2026-11-23T12:00:00.123Z`,
        instanceKey: "aa11bb22cc33dd44",
        runbookUrl: "https://wiki.example.com/disk",
      },
    });
  });

  test("that is resolved says so, does not expire, and links nothing but web pages", () => {
    expect(resolved).toMatchObject({ status: "resolved", severity: "medium" });
    expect(resolved?.hints).not.toHaveProperty("expiresAt");
    expect(resolved?.hints).not.toHaveProperty("runbookUrl");
    expect(resolved?.links).toEqual([{ href: "https://am.example.com", text: "Alertmanager" }]);
    expect(resolved?.entities).toEqual([{ type: "ip", value: "192.0.2.31", role: "target" }]);
  });

  test("without a status of its own takes the notification's", () => {
    expect(old).toMatchObject({ status: "resolved", service: "shop", title: "<script>alert(1)</script>" });
  });

  test("is as many alerts as the notification holds, none included", () => {
    expect(read("alertmanager", { status: "firing", receiver: "r", alerts: [] })).toEqual([]);
    const mixed = { status: "firing", receiver: "r", alerts: [{ labels: { a: "1" } }, {}, 5] };
    expect(read("alertmanager", mixed).map(({ reject }) => reject?.code)).toEqual([
      undefined,
      "invalid_alert",
      "invalid_alert",
    ]);
  });
});

describe("an alert posted by Prometheus", () => {
  test("of another replica is the same group, another instance, and repeats the same start", () => {
    expect(posted?.dedupKey).toBe(firing?.dedupKey);
    expect(posted?.hints?.heartbeatKey).toBe(firing?.hints?.heartbeatKey);
    expect(posted?.hints?.instanceKey).not.toBe(firing?.hints?.instanceKey);
  });

  test("expires at its end; whether that has come the adapter does not know", () => {
    expect(posted).toMatchObject({ status: "firing", hints: { expiresAt: "2026-11-23T12:09:00.000Z" } });
  });

  test("without a start or end has neither", () => {
    expect(watchdog).toMatchObject({ rule: "Watchdog", title: "Watchdog", severity: "info" });
    expect(watchdog?.hints).not.toHaveProperty("heartbeatKey");
    expect(probe?.hints).not.toHaveProperty("expiresAt");
    expect(probe).not.toHaveProperty("occurredAt");
  });

  test("is cut to the limits and never rejected for its size", () => {
    expect(probe?.title).toHaveLength(1_024);
    expect(probe?.labels?.long).toBe(`${"v".repeat(255)}…`);
    expect(probe?.entities).toEqual([
      { type: "url", value: "https://shop.example.com/health", role: "target" },
    ]);
    expect(probe?.dedupKey).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("without a name is unnamed", () => {
    expect(unnamed).toMatchObject({ rule: "unnamed", severity: "critical" });
    expect(unnamed?.entities).toEqual([{ type: "container", value: "shop-1", role: "target" }]);
  });

  test.each([
    [{}],
    [{ labels: {} }],
    [{ labels: { a: "" } }],
    [{ labels: [] }],
    [{ annotations: { a: "b" } }],
  ])("%j without labels is rejected", (record) => {
    expect(rejectOf(read("alertmanager", record))).toEqual({
      code: "invalid_alert",
      message: "labels: at least one label with a value is required",
    });
  });

  test("is the same whatever order its labels come in", () => {
    expect(labelled({ a: "1", b: "2" }).dedupKey).toBe(labelled({ b: "2", a: "1" }).dedupKey);
    expect(labelled({ a: "1|b", c: "2" }).dedupKey).not.toBe(labelled({ a: "1", b: "c", 2: "" }).dedupKey);
  });

  test.each([
    ["page", "critical"],
    ["error", "high"],
    ["warning", "medium"],
    ["minor", "low"],
    ["none", "info"],
    ["CRITICAL", "critical"],
    ["purple", "medium"],
  ])("of severity %s is %s", (native, severity) => {
    const alert = labelled({ alertname: "a", severity: native });
    expect(alert.severity).toBe(severity);
    expect(alert.hints?.nativeSeverity).toBe(native);
  });
});
