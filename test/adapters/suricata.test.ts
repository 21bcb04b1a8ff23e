import { describe, expect, test } from "vitest";
import { parseFastLog } from "../../server/adapters/fast-log.ts";
import type { Alert } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const alerts = fixtureAlerts("suricata", "suricata/eve.ndjson");
const at = (index: number): Alert => alertOf(alerts.slice(index, index + 1).map((alert) => ({ alert })));
const eve = (severity: number | undefined) => ({
  event_type: "alert",
  src_ip: "203.0.113.7",
  alert: { signature_id: 1, signature: "x", severity },
});

describe("a Suricata alert", () => {
  test("becomes an alert of its signature with the ends in their roles", () => {
    expect(at(0)).toMatchObject({
      source: "suricata",
      rule: "2019401",
      title: "ET WEB_SERVER Invented Console Access",
      severity: "high",
      occurredAt: "2026-11-23T12:00:03.100Z",
      dedupKey: "suricata|1|2019401|203.0.113.7|192.0.2.20|8080",
      techniques: ["T1190"],
      labels: { proto: "TCP", action: "allowed", category: "Web Application Attack" },
      hints: { nativeSeverity: "priority 1" },
    });
    expect(at(0).entities).toEqual([
      { type: "ip", value: "203.0.113.7", role: "actor" },
      { type: "ip", value: "192.0.2.20", role: "target" },
      { type: "domain", value: "console.example.com", role: "target" },
      { type: "url", value: "http://console.example.com/admin/start", role: "target" },
      { type: "host", value: "sensor-1", role: "observer" },
    ]);
    expect(at(0).description).toBe(
      [
        "Web Application Attack",
        "TCP 203.0.113.7:40112 -> 192.0.2.20:8080",
        "GET http://console.example.com/admin/start 302",
        "User agent: =cmd|' /C calc'!A0",
      ].join("\n"),
    );
  });

  test.each([
    ["the caller's port", 0, 1],
    ["a scan's targets", 2, 3],
    ["the far end of a protocol oddity", 4, 5],
  ])("folds over %s", (_, one, other) => {
    expect(at(one).dedupKey).toBe(at(other).dedupKey);
  });

  test("keeps another signature, source or generator apart", () => {
    expect(new Set(alerts.map(({ dedupKey }) => dedupKey)).size).toBe(7);
    expect(at(8).rule).toBe("119:4");
  });

  test("believes the rule about who attacks whom", () => {
    expect(at(6).entities).toEqual([
      { type: "ip", value: "203.0.113.7", role: "actor" },
      { type: "ip", value: "192.0.2.20", role: "target" },
    ]);
  });

  test("gives a name from TLS the role of the side that serves", () => {
    expect(at(4).entities).toContainEqual({ type: "domain", value: "cdn.example.net", role: "actor" });
  });

  test("of IPv6 without ports is read", () => {
    expect(at(7).description).toContain("IPv6-ICMP [2001:db8::7] -> [2001:db8::20]");
  });

  test("with a flow number beyond 2^53 reads the same", () => {
    expect(at(10)).toEqual(at(0));
  });

  test("with hardly a field, and an offset without a colon, is still an alert", () => {
    expect(at(9)).toMatchObject({
      rule: "2000001",
      title: "<script>alert(1)</script>",
      severity: "medium",
      occurredAt: "2026-11-23T06:30:03.100Z",
    });
  });

  test.each([
    [1, "high"],
    [2, "medium"],
    [3, "low"],
    [4, "info"],
    [255, "info"],
    [undefined, "medium"],
  ])("of priority %s is %s: 1 is the worst", (priority, severity) => {
    expect(alertOf(read("suricata", eve(priority))).severity).toBe(severity);
  });

  test.each([
    [{ event_type: "dns", src_ip: "192.0.2.1" }, "event_type: only records of type alert are taken"],
    [{ event_type: "alert", alert: {} }, "alert.signature_id: is required in a Suricata EVE alert"],
    ["text", "suricata: must be an object"],
  ])("%# without what makes it one is rejected", (record, message) => {
    expect(rejectOf(read("suricata", record))).toEqual({ code: "invalid_alert", message });
  });

  test("comes with ports and numbers as text too", () => {
    const [record] = fixtureRecords("suricata/eve.ndjson");
    const texts = JSON.parse(JSON.stringify(record), (name, value: unknown) =>
      /port|id$|severity/.test(name) && typeof value === "number" ? String(value) : value,
    );
    expect(alertOf(read("suricata", texts)).dedupKey).toBe(at(0).dedupKey);
  });
});

describe("a line of fast.log", () => {
  const line =
    "11/23/2026-12:00:03.1  [**] [1:2019401:3] ET WEB_SERVER Invented [x] [**] [Classification: Web Application Attack] [Priority: 1] {TCP} 203.0.113.7:40112 -> 192.0.2.20:80";

  test("gives what EVE gives", () => {
    expect(parseFastLog(line)).toEqual({
      gid: "1",
      signatureId: "2019401",
      signature: "ET WEB_SERVER Invented [x]",
      category: "Web Application Attack",
      priority: 1,
      protocol: "TCP",
      source: { ip: "203.0.113.7", port: 40112 },
      destination: { ip: "192.0.2.20", port: 80 },
    });
  });

  test.each([
    ["[**] [119:4:1] (http_inspect) odd [**] {TCP} 192.0.2.1:1 -> 192.0.2.2:80", "(http_inspect) odd"],
    [
      "snort: [1:2003:8] Invented worm [Classification: Misc] [Priority: 2]: {UDP} 192.0.2.1:1 -> 192.0.2.2:80",
      "Invented worm",
    ],
    ["[**] [1:9:1] v6 [**] [Priority: 3] {TCP} 2001:db8::1:443 -> 2001:db8::2:50000", "v6"],
  ])("%# of Snort or IPv6 is read", (text, signature) => {
    const event = parseFastLog(text);
    expect(event?.signature).toBe(signature);
    expect(event?.source?.port).toBeGreaterThan(0);
  });

  test.each(["", "[**] [1:2:3]", "[1:2:3] no traffic", `[1:2:3] ${"[".repeat(100_000)}`])(
    "%# of another kind is none",
    (text) => {
      expect(parseFastLog(text)).toBeUndefined();
    },
  );
});
