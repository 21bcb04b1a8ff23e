import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [down, up, load, hostile] = fixtureAlerts("alerta", "alerta/alerts.ndjson");
const alertWith = (fields: object) =>
  alertOf(read("alerta", { resource: "r", event: "e", environment: "Production", ...fields }));

describe("an alert of Alerta", () => {
  test("becomes an alert of its event", () => {
    expect(down).toEqual({
      source: "alerta",
      rule: "LinkDown",
      title: "LinkDown on router-7",
      severity: "high",
      environment: "Production",
      service: "Backbone",
      occurredAt: "2026-11-23T12:00:00.123Z",
      status: "firing",
      dedupKey: "alerta|Production||router-7|LinkDown|LinkUp",
      entities: [{ type: "host", value: "router-7", role: "target" }],
      labels: {
        resource: "router-7",
        group: "Network",
        value: "0/2",
        origin: "snmp/collector-1",
        type: "snmptrapAlert",
        services: "Shop",
        tags: "site=north, vendor:acme",
        runbook_url: "https://wiki.example.com/links",
        "customer tier": "1",
      },
      description: "Both uplinks are down",
      links: [{ href: "https://wiki.example.com/links", text: "runbook_url" }],
      hints: { nativeSeverity: "major", runbookUrl: "https://wiki.example.com/links" },
    });
  });

  test("that correlates with it ends it and does not describe it", () => {
    expect(up).toMatchObject({ dedupKey: down?.dedupKey, status: "resolved", severity: "info" });
    expect(up?.hints?.onlyEnds).toBe(true);
  });

  test("is told apart by environment, customer, resource and event, and by nothing else", () => {
    const known = alertWith({}).dedupKey;
    for (const same of [
      { severity: "major" },
      { text: "x" },
      { value: 3 },
      { tags: ["a"] },
      { correlate: ["e"] },
    ]) {
      expect(alertWith(same).dedupKey).toBe(known);
    }
    for (const other of [
      { environment: "Development" },
      { customer: "c" },
      { resource: "s" },
      { event: "f" },
    ]) {
      expect(alertWith(other).dedupKey).not.toBe(known);
    }
  });

  test.each([
    ["security", "critical"],
    ["critical", "critical"],
    ["major", "high"],
    ["High", "high"],
    ["minor", "medium"],
    ["warning", "medium"],
    ["indeterminate", "low"],
    ["Advisory", "low"],
    ["informational", "info"],
    ["debug", "info"],
    ["unknown", "medium"],
  ])("of severity %s is %s and fires", (severity, expected) => {
    expect(alertWith({ severity })).toMatchObject({ severity: expected, status: "firing" });
  });

  test.each([
    { severity: "normal" },
    { severity: "OK" },
    { severity: "cleared" },
    { status: "closed" },
    { status: "expired" },
  ])("with %j is over", (fields) => {
    expect(alertWith(fields).status).toBe("resolved");
  });

  test("is about a host, an address or whatever the resource is, as text", () => {
    expect(load?.entities).toEqual([{ type: "ip", value: "192.0.2.44", role: "target" }]);
    expect(hostile).toMatchObject({ severity: "critical", labels: { customer: "Invented Ltd" } });
  });

  test.each([
    [{}, "resource: is required"],
    [{ resource: " " }, "resource: is required"],
    [{ resource: "r" }, "event: is required"],
  ])("%j is rejected", (record, message) => {
    expect(rejectOf(read("alerta", record))).toEqual({ code: "invalid_alert", message });
  });
});
