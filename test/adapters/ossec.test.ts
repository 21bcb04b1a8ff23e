import { describe, expect, test } from "vitest";
import { adapterFor } from "../../server/adapters/registry.ts";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const [ssh, file, repeated, session, sensor, quiet] = fixtureAlerts("ossec", "ossec/alerts.ndjson");
const [, , textRepeated, rootcheck, , forwarded] = fixtureAlerts("ossec", "ossec/alerts.log");
const text = (block: string) => read("ossec", block);
const block = (...lines: string[]) =>
  [
    "** Alert 1795435200.7: mail  - syslog,",
    "2026 Nov 23 12:00:00 (web-1) 192.0.2.31->/var/log/x",
    ...lines,
  ].join("\n");

describe("an OSSEC alert", () => {
  test("is its rule at the level OSSEC gave it, on the agent", () => {
    expect(ssh).toMatchObject({
      source: "ossec",
      rule: "5716",
      title: "SSHD authentication failed.",
      severity: "low",
      occurredAt: "2026-11-23T12:00:00.000Z",
      hints: { nativeSeverity: "level 5" },
      entities: [
        { type: "host", value: "shop-web-1", role: "target" },
        { type: "ip", value: "192.0.2.31", role: "target" },
        { type: "user", value: "root", role: "target" },
        { type: "ip", value: "203.0.113.24", role: "actor" },
      ],
    });
  });

  test.each([
    [16, "critical"],
    [15, "critical"],
    [14, "high"],
    [12, "high"],
    [11, "medium"],
    [7, "medium"],
    [6, "low"],
    [4, "low"],
    [3, "info"],
    [undefined, "info"],
  ])("of level %s is %s", (level, severity) => {
    const record = { rule: { level, sidid: 1, comment: "c" }, full_log: "x" };
    expect(alertOf(read("ossec", record)).severity).toBe(severity);
  });

  test("names the file and the checksum of a change", () => {
    expect(file?.entities).toEqual([
      { type: "host", value: "shop-manager", role: "target" },
      { type: "file", value: "/etc/hosts", role: "target" },
      { type: "hash", value: "fedcba9876543210fedcba9876543210", role: "target" },
    ]);
  });

  test("of a build that names the agent only in the location is of that agent", () => {
    expect(repeated?.entities?.slice(0, 2)).toEqual([
      { type: "host", value: "shop-web-2", role: "target" },
      { type: "ip", value: "192.0.2.32", role: "target" },
    ]);
    expect(repeated?.occurredAt).toBe("2026-11-23T12:02:00.000Z");
    expect(repeated?.links).toEqual([{ href: "https://example.com/rules/5712", text: "Rule" }]);
  });

  test("of a log that was only forwarded is of the machine that the log names", () => {
    for (const [alert, host, relay] of [
      [session, "gateway-1", "shop-manager"],
      [forwarded, "fw-1", "shop-relay"],
    ] as const) {
      expect(alert?.entities).toContainEqual({ type: "host", value: host, role: "target" });
      expect(alert?.entities).toContainEqual({ type: "host", value: relay, role: "observer" });
    }
  });

  test("that carries what a network sensor saw is the sensor's", () => {
    expect(sensor).toMatchObject({ source: "suricata", rule: "2900077", labels: { ossec_rule: "20101" } });
    expect(sensor?.entities).toContainEqual({ type: "host", value: "sensor-1", role: "observer" });
  });

  test("with a level that is not written is of level 0", () => {
    expect(quiet).toMatchObject({ severity: "info", hints: { nativeSeverity: "level 0" } });
  });

  test.each([
    [{ rule: { level: 5 }, full_log: "x" }, /^rule\.sidid: /],
    [{ rule: { level: "high", sidid: 5 } }, /^rule\.level: /],
    [{ rule: { level: true, sidid: 5 } }, /^rule\.level: /],
    [[], /^ossec: must be an object/],
    ["no block", /^ossec: must be/],
  ])("%j is rejected with the reason", (record, why) => {
    expect(rejectOf(read("ossec", record)).message).toMatch(why);
  });

  test("is not what Wazuh sends", () => {
    const [wazuh] = fixtureRecords("wazuh/alerts.ndjson");
    expect(adapterFor("ossec").recognises(wazuh)).toBe(false);
    expect(adapterFor("wazuh").recognises({ rule: { level: 5, sidid: 5 }, agent: {}, full_log: "x" })).toBe(
      false,
    );
  });
});

describe("one identity", () => {
  test("is the same from alerts.json and from alerts.log", () => {
    const [textSsh, textFile] = fixtureAlerts("ossec", "ossec/alerts.log");
    expect([textSsh?.dedupKey, textFile?.dedupKey, textRepeated?.dedupKey]).toEqual([
      ssh?.dedupKey,
      file?.dedupKey,
      repeated?.dedupKey,
    ]);
    expect(textSsh?.entities).toEqual(ssh?.entities);
  });

  test("does not follow the time, the user behind an address, or the text of the log", () => {
    const one = (user: string, log: string) =>
      alertOf(text(block("Rule: 1 (level 5) -> 'x'", "Src IP: 203.0.113.1", `User: ${user}`, log)));
    expect(one("ana", "first").dedupKey).toBe(one("ben", "second").dedupKey);
  });

  test("follows rule, agent, address, file and user", () => {
    const keys = [
      ["Rule: 1 (level 5) -> 'x'", "Src IP: 203.0.113.1"],
      ["Rule: 2 (level 5) -> 'x'", "Src IP: 203.0.113.1"],
      ["Rule: 1 (level 5) -> 'x'", "Src IP: 203.0.113.2"],
      ["Rule: 1 (level 5) -> 'x'", "User: ana"],
      ["Rule: 1 (level 5) -> 'x'", "User: ben"],
    ].map((lines) => alertOf(text(block(...lines, "log"))).dedupKey);
    const other = block("Rule: 1 (level 5) -> 'x'", "Src IP: 203.0.113.1").replace("web-1", "web-2");
    expect(new Set([...keys, alertOf(text(other)).dedupKey]).size).toBe(6);
  });
});

describe("a block of alerts.log", () => {
  test("keeps every line of the log it stands on", () => {
    expect(textRepeated?.description?.split("\n")).toHaveLength(2);
    expect(rootcheck?.description).toBe("File '/dev/.cache' present on /dev. Possible hidden file.");
  });

  test("is read with CRLF as without", () => {
    const [record] = fixtureRecords("ossec/alerts.log");
    if (typeof record !== "string") throw new Error("not a text");
    expect(text(record.replaceAll("\n", "\r\n"))).toEqual(text(record));
  });

  test("does not let the log name an address or a user after the fields are over", () => {
    const alert = alertOf(
      text(block("Rule: 1 (level 5) -> 'x'", "Src IP: 203.0.113.1", "a log", "Src IP: 203.0.113.9")),
    );
    const late = alertOf(text(block("Rule: 1 (level 5) -> 'x'", "User: ana", "Src IP: 203.0.113.9")));
    expect(JSON.stringify(alert.entities)).not.toContain("203.0.113.9");
    expect(JSON.stringify(late.entities)).not.toContain("203.0.113.9");
  });

  test("cut off in the middle is read as far as it goes, and rejected without its rule", () => {
    const [record] = fixtureRecords("ossec/alerts.log");
    if (typeof record !== "string") throw new Error("not a text");
    for (const [length, what] of [
      [record.length - 30, "5716"],
      [record.indexOf("Src IP"), "5716"],
      [record.indexOf("Rule:") + 8, undefined],
      [40, undefined],
    ] as const) {
      const [reading] = text(record.slice(0, length));
      expect(reading?.alert?.rule).toBe(what);
      expect(reading?.reject?.message ?? "rule.sidid: ").toMatch(/^rule\.sidid: /);
    }
  });
});

describe("a text of blocks", () => {
  const cut = (whole: string) =>
    adapterFor("ossec")
      .textRecords?.(whole)
      .map((span) => whole.slice(...span));

  test("is cut where blocks begin, and what comes before the first is rejected by itself", () => {
    const [junk, first, second, ...more] =
      cut("rest of a log\n\n** Alert 1.2: - a,\nx\n\n** Alert 3.4:\n") ?? [];
    expect([junk, first, second, more]).toEqual([
      "rest of a log",
      "** Alert 1.2: - a,\nx",
      "** Alert 3.4:",
      [],
    ]);
    expect(rejectOf(text(junk ?? "")).message).toMatch(/begins with \*\* Alert/);
  });

  test("holds nothing when it is blank", () => {
    expect(cut(" \r\n\n")).toEqual([]);
  });
});
