import { describe, expect, test } from "vitest";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const path = "sentinel/alerts.ndjson";
const [incident, grown, closed, bare, row, rowOver, entity, graph, graphOver, graphBare] = fixtureAlerts(
  "sentinel",
  path,
);
const [, , , , sentRow] = fixtureRecords(path);
const rowWith = (change: object) => alertOf(read("sentinel", Object.assign({}, sentRow, change)));

describe("an incident", () => {
  test("tells rule, severity, workspace, account and entities", () => {
    expect(incident).toMatchObject({
      source: "sentinel",
      rule: "1c1c1c1c-0000-4000-8000-000000000003",
      title: "Invented sign-in from two countries",
      severity: "high",
      status: "firing",
      occurredAt: "2026-11-23T11:58:00.000Z",
      techniques: ["T1078"],
      labels: { workspace: "soc-example", tags: "identity", product: "Azure Sentinel", status: "New" },
      links: [{ href: "https://portal.example.com/incidents/3177", text: "Incident" }],
      hints: { nativeSeverity: "High", instanceKey: "9d9d9d9d-0000-4000-8000-000000000004" },
    });
    expect(incident?.entities).toEqual([
      { type: "user", value: "ana@example.com", role: "target" },
      { type: "ip", value: "203.0.113.61", role: "actor" },
      { type: "host", value: "desk-8.corp.example.com", role: "target" },
      { type: "account", value: "5a5a5a5a-0000-4000-8000-000000000001", role: "target" },
    ]);
  });

  test("is one group through its updates; only an alert that joins it is a new occurrence", () => {
    expect(grown).toMatchObject({ dedupKey: incident?.dedupKey, severity: "medium", status: "firing" });
    expect(grown?.hints?.heartbeatKey).not.toBe(incident?.hints?.heartbeatKey);
    expect(closed).toMatchObject({ dedupKey: incident?.dedupKey, status: "resolved" });
    expect(closed?.hints?.instanceKey).toBe(incident?.hints?.instanceKey);
  });

  test("of no rule is only itself", () => {
    expect(bare).toMatchObject({
      rule: "Microsoft XDR",
      dedupKey: "sentinel|soc-example|id|8c8c8c8c-0000-4000-8000-000000000007",
    });
  });
});

describe("a row of SecurityAlert", () => {
  test("has its lists and objects in texts", () => {
    expect(row).toMatchObject({
      rule: "2d2d2d2d-0000-4000-8000-000000000005",
      severity: "info",
      techniques: ["T1059"],
      hints: { nativeSeverity: "Informational", instanceKey: "sa-1" },
    });
    expect(row?.entities).toEqual([
      { type: "host", value: "desk-8.corp.example.com", role: "target" },
      { type: "file", value: "C:\\Temp\\odd.exe", role: "target" },
      { type: "process", value: "odd.exe -q", role: "actor" },
      { type: "ip", value: "192.0.2.88", role: "actor" },
      { type: "account", value: "5a5a5a5a-0000-4000-8000-000000000001", role: "target" },
    ]);
  });

  test("repeats in its group under a new id, and is over when it is resolved", () => {
    expect(rowOver).toMatchObject({ dedupKey: row?.dedupKey, status: "resolved", severity: "high" });
    const moved = rowWith({ Entities: '[{"HostName":"desk-9","Type":"host"}]' });
    expect(moved.dedupKey).not.toBe(row?.dedupKey);
    expect(rowWith({ AlertName: "Renamed", TimeGenerated: "2026-11-24T00:00:00Z" }).dedupKey).toBe(
      row?.dedupKey,
    );
  });

  test("without entities is told by its victim", () => {
    const victim = rowWith({ Entities: "", CompromisedEntity: "vm-3" });
    expect(victim.dedupKey).toMatch(/\|at\|vm-3$/);
    expect(victim.entities?.[1]).toEqual({ type: "host", value: "vm-3", role: "target" });
    expect(rowWith({ Entities: "[broken", CompromisedEntity: "two words" }).entities).toHaveLength(1);
  });

  test("may come from the API, where Dismissed is over", () => {
    expect(entity).toMatchObject({
      rule: "VM_OddDownload",
      severity: "low",
      status: "resolved",
      entities: [{ type: "host", value: "vm-9", role: "target" }],
    });
  });
});

describe("an alert of Microsoft Graph", () => {
  test("has its entities in its evidence, by their roles", () => {
    expect(graph).toMatchObject({
      rule: "e0e0e0e0-0000-4000-8000-000000000006",
      severity: "medium",
      techniques: ["T1564.001"],
      occurredAt: "2026-11-23T11:56:58.222Z",
    });
    expect(graph?.entities).toEqual([
      { type: "host", value: "desk-5.corp.example.com", role: "target" },
      { type: "host", value: "desk-5", role: "target" },
      { type: "ip", value: "198.51.100.77", role: "actor" },
      { type: "hash", value: "c".repeat(64), role: "target" },
      { type: "file", value: "C:\\Temp\\hidden.exe", role: "target" },
      { type: "user", value: "ben@example.com", role: "target" },
      { type: "user", value: "ben", role: "target" },
    ]);
  });

  test("may come in a list, and is over when it is resolved", () => {
    expect(graphOver).toMatchObject({ dedupKey: graph?.dedupKey, status: "resolved" });
    expect(graphBare).toMatchObject({ severity: "medium", hints: { nativeSeverity: "unknown" } });
    expect(graphBare?.dedupKey).toMatch(/\|id\|da1_4$/);
  });
});

test("anything else is rejected", () => {
  expect(rejectOf(read("sentinel", { value: [] })).message).toMatch(/^sentinel: neither an incident/);
});
