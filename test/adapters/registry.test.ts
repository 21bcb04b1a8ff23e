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
  ])("says nothing of %j", (record) => {
    expect(detectFormat(record)).toBeNull();
  });

  test("says nothing of what could be two formats", () => {
    const [wazuh] = fixtureRecords("wazuh/alerts.ndjson");
    const [eve] = fixtureRecords("suricata/eve.ndjson");
    expect(detectFormat(Object.assign({}, wazuh, eve))).toBeNull();
  });
});
