import { describe, expect, test } from "vitest";
import { bodyKind } from "../../server/intake/body-kind.ts";
import { readEntry, readPlace } from "../../server/intake/entry.ts";
import { fixtureText } from "../adapters/fixture-records.ts";

const log = Buffer.from(fixtureText("auditd/audit.log"));
const alerts = Buffer.from(fixtureText("ossec/alerts.log"));

describe("a body of plain text", () => {
  test.each([
    ["text/plain; charset=utf-8", "auditd", log, "auditd", "text"],
    ["application/x-www-form-urlencoded", "ossec", alerts, "ossec", "text"],
    ["text/plain", "auto", log, "auditd", "text"],
    ["text/plain", "auto", alerts, "ossec", "text"],
    ["text/plain", "ossec", Buffer.from("lost lines"), "ossec", "text"],
    ["text/plain", "auto", Buffer.from("lost lines"), "auto", "json"],
    ["text/plain", "auditd", Buffer.from(' \ufeff\n[{"ID":1}]'), "auditd", "json"],
    ["text/plain", "ossec", Buffer.from('\ufeff{"rule":{}}'), "ossec", "json"],
    ["text/plain", "wazuh", log, "wazuh", "json"],
    ["text/plain", "alert", alerts, "alert", "json"],
    ["application/json", "auditd", log, "auditd", "json"],
    ["application/x-ndjson", "auto", log, "auto", "ndjson"],
    [null, "auditd", log, "auditd", "json"],
  ] as const)("of type %s for %s is read as its content allows", (type, format, body, asFormat, asType) => {
    expect(bodyKind(type, format, body)).toEqual({ format: asFormat, type: asType });
  });

  test("that is not UTF-8 is unreadable", () => {
    expect(() => bodyKind("text/plain", "auditd", Buffer.from([0x74, 0xff]))).toThrow("not valid UTF-8");
  });
});

describe("a log as an entry", () => {
  const entryOf = (text: string) => {
    const body = Buffer.from(text);
    return { header: { ...bodyKind("text/plain", "auto", body), actorId: "a", ceiling: null }, body };
  };

  test.each([
    ["auditd", log],
    ["ossec", alerts],
  ])("of %s gives each alert the stretch that it came in", (format, body) => {
    const entry = entryOf(body.toString());
    const readings = readEntry(entry);
    expect(readings.filter(({ reject }) => reject)).toEqual([]);
    let at = 0;
    for (const [place, { alert }] of readings.entries()) {
      const found = readPlace(entry, place);
      expect(found).toMatchObject({ alert, format });
      const from = body.indexOf(found?.original ?? "none", at);
      expect(body.toString("utf8", at, from).trim()).toBe("");
      at = from + (found?.original.length ?? 0);
    }
    expect(body.toString("utf8", at).trim()).toBe("");
  });

  test("may hold 10,000 events, however many lines they have, and no more", () => {
    const events = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        ["SYSCALL", "CWD"].map((type) => `type=${type} msg=audit(1795435200.1:${i}): a=1\n`).join(""),
      ).join("");
    expect(readEntry(entryOf(events(10_000)))).toHaveLength(10_000);
    expect(() => readEntry(entryOf(events(10_001)))).toThrow("at most 10000 alerts");
  });

  test("rejects what belongs to no event, and that alone", () => {
    const readings = readEntry(entryOf("type=A msg=audit(1795435200.1:1): a=1\nlost\nlines\n"));
    expect(readings.map(({ alert, reject }) => alert?.rule ?? reject?.code)).toEqual(["A", "invalid_alert"]);
  });
});
