import { describe, expect, test } from "vitest";
import { isAitCsvHeader, readAitCsvLine } from "../../server/adapters/ait-csv.ts";
import { nameSeverity } from "../../server/adapters/name-prior.ts";
import { alertOf, fixtureText, rejectOf } from "./fixture-records.ts";

const [header = "", ...lines] = fixtureText("ait-csv/alerts.csv").trimEnd().split("\n");
const alerts = lines.map((line) => alertOf([readAitCsvLine(line)]));

describe("a line of the AIT alert data set", () => {
  test("becomes an alert of its detector about its host", () => {
    expect(alerts[2]).toEqual({
      source: "wazuh",
      rule: "Wazuh: PAM: User login failed.",
      title: "PAM: User login failed",
      severity: "low",
      occurredAt: "2026-11-23T12:00:02.000Z",
      entities: [
        { type: "host", value: "web_1", role: "target" },
        { type: "ip", value: "192.0.2.10", role: "target" },
      ],
      techniques: ["T1110.001"],
      labels: { short: "W-Aut-Pam2" },
    });
  });

  test("names its source and a severity by the words of the name", () => {
    expect(alerts.map(({ source, severity }) => `${source} ${severity}`)).toEqual([
      "aminer low",
      "aminer medium",
      "wazuh low",
      "wazuh medium",
      "wazuh info",
      "suricata medium",
      "suricata high",
      "suricata low",
    ]);
  });

  test("may have quoted cells and a carriage return", () => {
    expect(alerts[6]?.title).toBe('ET MALWARE Invented "loader", second stage');
    expect(alertOf([readAitCsvLine(`${lines[0]}\r`)])).toEqual(alerts[0]);
  });

  test("is not the header", () => {
    expect(isAitCsvHeader(header)).toBe(true);
    expect(isAitCsvHeader(lines[0] ?? "")).toBe(false);
  });

  test.each([
    ["", "name: must begin with AMiner:, Suricata: or Wazuh:"],
    ["1,Other: x,a,b,c", "name: must begin with AMiner:, Suricata: or Wazuh:"],
    ["soon,Wazuh: x,a,b,c", "time: must be seconds since 1970"],
  ])("%j is rejected", (line, message) => {
    expect(rejectOf([readAitCsvLine(line)])).toEqual({ code: "invalid_alert", message });
  });
});

describe("the severity of a name", () => {
  test.each([
    ["suricata", "ET TROJAN x", "high"],
    ["suricata", "ET ATTACK_RESPONSE x", "high"],
    ["suricata", "ET POLICY x", "low"],
    ["suricata", "ET INFO x", "low"],
    ["wazuh", "Rootkit found", "high"],
    ["wazuh", "SSHD brute force trying to get access", "medium"],
    ["wazuh", "Login session opened.", "info"],
    ["aminer", "New characters in x", "medium"],
  ] as const)("of %s %s is %s", (source, name, severity) => {
    expect(nameSeverity(source, name)).toBe(severity);
  });
});
