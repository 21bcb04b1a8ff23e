import { describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const [firing, resolved] = fixtureAlerts("grafana", "grafana/firing.json");
const [plain] = fixtureAlerts("grafana", "grafana/without-organisation.json");

/** The only alert of a notification with one item. */
function notified(item: object, envelope: object = { orgId: 1 }) {
  const record = { receiver: "r", status: "firing", alerts: [item], ...envelope };
  return alertOf(read("grafana", record));
}

describe("an alert of Grafana's webhook", () => {
  test("becomes an alert of its rule, known by its organisation and labels", () => {
    expect(firing).toEqual({
      source: "grafana",
      rule: "Checkout is slow",
      title: "95 % of checkouts take over 4 s",
      severity: "high",
      environment: "production",
      service: "checkout",
      occurredAt: "2026-11-23T12:00:00.157Z",
      status: "firing",
      dedupKey:
        "grafana|3|alertname|Checkout is slow|environment|production|grafana_folder|Shop|instance|web-1.example.com:9100|service|checkout|severity|high",
      entities: [{ type: "host", value: "web-1.example.com", role: "target" }],
      labels: {
        alertname: "Checkout is slow",
        environment: "production",
        grafana_folder: "Shop",
        instance: "web-1.example.com:9100",
        service: "checkout",
        severity: "high",
        grafana_org: "3",
      },
      description: "Look at the database first\nValues: B = 4.239, C = 1",
      links: [
        { href: "https://grafana.example.com/alerting/grafana/ab12/view?orgId=3", text: "Rule" },
        { href: "https://grafana.example.com/d/shop", text: "Dashboard" },
        { href: "https://grafana.example.com/d/shop?viewPanel=4", text: "Panel" },
        {
          href: "https://grafana.example.com/alerting/silence/new?alertmanager=grafana",
          text: "Silence it in Grafana",
        },
        { href: "https://grafana.example.com/", text: "Grafana" },
      ],
      hints: {
        nativeSeverity: "high",
        heartbeatKey: `${firing?.dedupKey?.replaceAll("|", "\\|")}|2026-11-23T12:00:00.157Z`,
        instanceKey: "c6eadffa33fcdf37",
        runbookUrl: "https://wiki.example.com/checkout",
      },
    });
  });

  test("that is resolved says so and why, and takes severity from another usual label", () => {
    expect(resolved).toMatchObject({
      status: "resolved",
      rule: "DatasourceNoData",
      severity: "critical",
      description: "Values: [ var='A' labels={} value=9 ]",
      labels: { grafana_state_reason: "MissingSeries" },
      hints: { instanceKey: "bc97ff14869b13e3", nativeSeverity: "P1" },
    });
    expect(resolved?.hints).not.toHaveProperty("expiresAt");
  });

  test("without a status or severity of its own takes the notification's, and medium", () => {
    expect(plain).toMatchObject({ status: "firing", severity: "medium", title: "=cmd|' /C calc'!A0" });
    expect(plain?.entities).toEqual([{ type: "container", value: "shop-1", role: "target" }]);
    expect(plain).not.toHaveProperty("description");
  });

  test("folds whatever its values are, and not over organisations or labels", () => {
    const labels = { alertname: "a", pod: "one" };
    const same = notified({ labels, values: { A: 1 } });
    expect(notified({ labels, values: { A: 2 }, annotations: { summary: "now 2" } }).dedupKey).toBe(
      same.dedupKey,
    );
    expect(notified({ labels }, { orgId: 2 }).dedupKey).not.toBe(same.dedupKey);
    expect(notified({ labels: { ...labels, pod: "two" } }).dedupKey).not.toBe(same.dedupKey);
  });

  test("is never the group of the same labels from Alertmanager", () => {
    const labels = { alertname: "a" };
    const other = alertOf(read("alertmanager", { labels }));
    expect([other.source, other.dedupKey]).not.toEqual([
      notified({ labels }).source,
      notified({ labels }).dedupKey,
    ]);
  });

  test("without labels is rejected alone", () => {
    const record = { receiver: "r", orgId: 1, alerts: [{ labels: { a: "1" } }, { labels: {} }, 5] };
    expect(read("grafana", record).map(({ reject }) => reject?.message)).toEqual([
      undefined,
      "labels: at least one label with a value is required",
      "alert: must be an object",
    ]);
    expect(rejectOf(read("grafana", { receiver: "r" })).message).toBe(
      "alerts: a list is required in a Grafana notification",
    );
  });

  test("Alertmanager's own notifications are not Grafana's, and the other way round", () => {
    const [webhook] = fixtureRecords("alertmanager/webhook-firing.json");
    expect(detectFormat(webhook)).toBe("alertmanager");
    expect(detectFormat({ receiver: "r", orgId: 1, alerts: [] })).toBe("grafana");
    expect(detectFormat({ orgId: 1, alerts: [{ labels: { a: "1" } }] })).toBeNull();
  });
});
