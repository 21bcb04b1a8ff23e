import { describe, expect, test } from "vitest";
import type { Alert } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const alerts = fixtureAlerts("wazuh", "wazuh/alerts.ndjson");
const at = (index: number): Alert => {
  const alert = alerts[index];
  if (!alert) throw new Error(`no alert ${index}`);
  return alert;
};
const entity = (type: string, value: string, role: string) => ({ type, value, role });
const wazuh = (change: object) => ({
  rule: { id: "5710", level: 5, description: "sshd: unknown user" },
  agent: { id: "001", name: "web-1" },
  manager: { name: "siem-1" },
  ...change,
});

describe("a Wazuh alert", () => {
  test("becomes an alert of its rule", () => {
    expect(at(0)).toEqual({
      source: "wazuh",
      rule: "5760",
      title: "sshd: authentication failed.",
      severity: "low",
      occurredAt: "2026-11-23T12:00:00.000Z",
      dedupKey: "wazuh|5760|007|web-1||data.srcip|203.0.113.7",
      entities: [
        entity("host", "web-1", "target"),
        entity("ip", "192.0.2.10", "target"),
        entity("user", "ana", "target"),
        entity("ip", "203.0.113.7", "actor"),
      ],
      techniques: ["T1110.001", "T1021.004"],
      labels: {
        location: "/var/log/auth.log",
        decoder: "sshd",
        groups: "syslog, sshd",
        manager: "siem-1",
        program: "sshd",
      },
      description:
        "Nov 23 12:00:00 web-1 sshd[912]: Failed password for ana from 203.0.113.7 port 55218 ssh2",
      hints: { nativeSeverity: "level 5" },
    });
  });

  test("folds with the same rule, machine and source, whoever the user is", () => {
    expect(at(1).dedupKey).toBe(at(0).dedupKey);
  });

  test("is about the machine in the log; an agent of another name only forwarded it", () => {
    expect(at(2).entities).toEqual([
      entity("host", "mail-2", "target"),
      entity("host", "web-1", "observer"),
      entity("ip", "192.0.2.10", "observer"),
    ]);
  });

  test("of a Windows agent knows its own machine by the short name", () => {
    expect(at(6).entities).toEqual([
      entity("host", "DESK-9", "target"),
      entity("user", "carla", "target"),
      entity("ip", "198.51.100.4", "actor"),
    ]);
  });

  test("of a changed file names the path, who changed it, and the agent's environment", () => {
    expect(at(3)).toMatchObject({ environment: "staging", service: "shop", severity: "medium" });
    expect(at(3).description).toBe("File /etc/ssh/sshd_config modified");
    expect(at(3).entities).toContainEqual(entity("file", "/etc/ssh/sshd_config", "target"));
    expect(at(3).entities).toContainEqual(entity("process", "/usr/bin/dpkg", "actor"));
    expect(at(3).labels).toMatchObject({ env: "staging", team: "payments", syscheck_event: "modified" });
    expect(at(3).dedupKey).not.toBe(at(4).dedupKey);
  });

  test("takes hostile text as text", () => {
    expect(at(4).entities).toContainEqual(entity("file", "/usr/bin/=cmd|' /C calc'!A0", "target"));
    expect(at(4).dedupKey).toBe("wazuh|550|007|web-1||syscheck.path|/usr/bin/=cmd\\|' /C calc'!A0");
    expect(at(5).description).toContain("<script>alert(1)</script>");
    expect(at(7).title).toContain("\u202etxt.exe");
  });

  test("from loopback is told apart by its user", () => {
    expect(at(5).dedupKey).toBe("wazuh|5503|007|web-1|mail-2|data.dstuser|ana");
    expect(at(5).entities).not.toContainEqual(expect.objectContaining({ value: "127.0.0.1" }));
    expect(at(5).entities?.filter(({ type }) => type === "user")).toEqual([entity("user", "ana", "target")]);
  });

  test("with a long log is cut with an ellipsis", () => {
    expect(at(7).description).toHaveLength(16_384);
    expect(at(7).description?.endsWith("x…")).toBe(true);
  });

  test("takes @timestamp and an indexer's envelope", () => {
    expect(at(8).occurredAt).toBe("2026-11-23T12:00:00.000Z");
    expect(at(9)).toMatchObject({ rule: "2501", source: "wazuh" });
  });

  test.each([
    [0, "info"],
    [3, "info"],
    [4, "low"],
    [6, "low"],
    [7, "medium"],
    [11, "medium"],
    [12, "high"],
    [14, "high"],
    [15, "critical"],
    [16, "critical"],
  ])("of level %i is %s", (level, severity) => {
    expect(alertOf(read("wazuh", wazuh({ rule: { id: "1", level } }))).severity).toBe(severity);
  });

  test.each([
    [wazuh({ rule: { level: 5 } }), "rule.id: is required in a Wazuh alert"],
    [wazuh({ rule: { id: "5710" } }), "rule.level: must be a number in a Wazuh alert"],
    [[], "wazuh: must be an object"],
  ])("%# without what makes it one is rejected", (record, message) => {
    expect(rejectOf(read("wazuh", record))).toEqual({ code: "invalid_alert", message });
  });

  test("with NUL in its log line is taken and shows it, so that nobody hides behind one", () => {
    expect(alertOf(read("wazuh", wazuh({ full_log: "a\0b" }))).description).toBe("a\u2400b");
  });

  test("of a tool that puts nothing but a rule is still an alert", () => {
    expect(alertOf(read("wazuh", wazuh({ rule: { id: 7, level: "12" } })))).toMatchObject({
      rule: "7",
      title: "Rule 7",
      severity: "high",
    });
  });
});

describe("a Suricata alert inside Wazuh", () => {
  const direct = alertOf(read("suricata", fixtureRecords("suricata/eve.ndjson")[0]));

  test.each([
    ["as decoded EVE", 10],
    ["as EVE text in the log", 11],
    ["as a line of fast.log", 12],
  ])("%s is Suricata's, with the same identity as if it had come directly", (_, index) => {
    const { source, rule, title, severity, dedupKey } = at(index);
    expect({ source, rule, title, severity, dedupKey }).toEqual({
      source: "suricata",
      rule: "2019401",
      title: "ET WEB_SERVER Invented Console Access",
      severity: "high",
      dedupKey: direct.dedupKey,
    });
    expect(at(index).occurredAt).toMatch(/^2026-11-23T12:00:0[03]/);
  });

  test.each([10, 11, 12])(
    "in record %i has the agent as an observer and both ends in their roles",
    (index) => {
      expect(at(index).entities).toEqual(
        expect.arrayContaining([
          entity("ip", "203.0.113.7", "actor"),
          entity("ip", "192.0.2.20", "target"),
          entity("host", "sensor-1", "observer"),
          entity("ip", "192.0.2.250", "observer"),
        ]),
      );
    },
  );

  test("whose text was cut short is read as Wazuh's own", () => {
    const cutShort = wazuh({ decoder: { name: "json" }, full_log: '{"event_type":"alert","alert":{"signa' });
    expect(alertOf(read("wazuh", cutShort)).source).toBe("wazuh");
  });
});
