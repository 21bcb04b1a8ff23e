import { describe, expect, test } from "vitest";
import { adapterFor, detectFormat } from "../../server/adapters/registry.ts";
import { formats } from "../../shared/alert.ts";
import { fixtureRecords, fixturesOf } from "./fixture-records.ts";

const told = formats.filter((format) => format !== "generic");

describe("finding the format out", () => {
  test.each(formats)("%s has its adapter", (format) => {
    expect(adapterFor(format).format).toBe(format);
  });

  test.each(told)("names every %s record", (format) => {
    const records = fixturesOf[format].flatMap(fixtureRecords);
    expect(records.map(detectFormat)).toEqual(records.map(() => format));
  });

  test.each(formats)("no other adapter recognises a record of %s", (format) => {
    for (const record of fixturesOf[format].flatMap(fixtureRecords)) {
      const others = formats.filter((other) => other !== format && adapterFor(other).recognises(record));
      expect(others).toEqual([]);
    }
  });

  test("never chooses generic by itself", () => {
    const records = fixtureRecords("generic/records.ndjson");
    expect(records.map(detectFormat)).toEqual(records.map(() => null));
  });

  test.each([
    [null],
    [5],
    ["text"],
    [[]],
    [{}],
    [{ labels: { app: "x" }, message: "ECS", "@timestamp": "2026-11-23T12:00:00Z" }],
    [{ rule: "a", source: "b", output: "Falco" }],
    [{ rule: { level: 5, sidid: 5710 }, hostname: "OSSEC" }],
    [{ alerts: [{ labels: { a: "1" } }], status: "open" }],
    [{ event_type: "login", user: "ana" }],
    [
      {
        "@timestamp": "2026-11-23T12:00:00Z",
        event: { kind: "event", module: "nginx" },
        ecs: { version: "8" },
      },
    ],
    [{ rule: { id: "1", name: "n" }, alerts: [], date: "2026-11-23" }],
    [{ class_uid: 2004, severity_id: 4 }],
    [{ specversion: "1.0", id: "1", source: "/s", data: {} }],
    [{ data: { id: "1", type: "report", attributes: { title: "Quarterly figures" } } }],
    [{ data: { id: "1", type: "activity-comment", attributes: {} } }],
    [{ data: { id: "1", type: "submission", attributes: { title: "Poem" } } }],
    [{ data: { id: "1", type: "event", attributes: { key: "comment.created" } }, included: [] }],
    [{ value: [], "@odata.context": "x" }],
    [{ id: "1", title: "t", severity: "high", status: "new", createdDateTime: "2026-11-23T12:00:00Z" }],
    [{ type: "Microsoft.SecurityInsights/alertRules", properties: { severity: "High" } }],
  ])("says nothing of %j", (record) => {
    expect(detectFormat(record)).toBeNull();
  });

  test("takes an event for an event, whatever format it carries", () => {
    const inside = told.flatMap((format) => fixturesOf[format].flatMap(fixtureRecords));
    const events = inside.map((data) => ({ specversion: "1.0", id: "1", source: "/s", type: "t", data }));
    expect(events.map(detectFormat)).toEqual(events.map(() => "cloudevents"));
  });

  test("looks at names and types alone, so that deep or hostile values cost nothing", () => {
    const names = [
      "data",
      "detail",
      "event",
      "rule",
      "alert",
      "alerts",
      "properties",
      "object",
      "kibana",
      "value",
    ];
    const deep: unknown = JSON.parse(`${'{"data":'.repeat(5_000)}1${"}".repeat(5_000)}`);
    for (const name of names) {
      for (const value of [deep, null, [], [null], "", "__proto__", 9e300, [[[]]]]) {
        expect(detectFormat({ [name]: value, type: value, id: value })).toBeNull();
      }
    }
  });

  test("says nothing of what could be two formats", () => {
    const [wazuh] = fixtureRecords("wazuh/alerts.ndjson");
    const [eve] = fixtureRecords("suricata/eve.ndjson");
    expect(detectFormat(Object.assign({}, wazuh, eve))).toBeNull();
  });
});
