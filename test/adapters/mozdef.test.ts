import { describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [login, exec, intel, ldap, bruteforce, deadman] = fixtureAlerts("mozdef", "mozdef/records.ndjson");

function event(details: object, more: object = {}) {
  return alertOf(read("mozdef", { summary: "s", category: "syslog", severity: "WARNING", details, ...more }));
}

function raised(sources: readonly object[], more: object = {}) {
  const events = sources.map((details) => ({ documentid: "1", documentsource: { details } }));
  return alertOf(read("mozdef", { summary: "s", category: "c", severity: "NOTICE", events, ...more }));
}

describe("an event of MozDef", () => {
  test("becomes an alert of its category and message, about the machine that wrote it", () => {
    expect(login).toEqual({
      source: "mozdef",
      rule: "syslog/SSHD_LOGIN_FAILED",
      title: "%-SSHD_LOGIN_FAILED: Login failed for user 'ana' from host 203.0.113.7",
      severity: "low",
      occurredAt: "2026-11-23T12:00:00.631Z",
      dedupKey: "mozdef|event|syslog/SSHD_LOGIN_FAILED||web-1.example.com|ana|203.0.113.7|",
      entities: [
        { type: "host", value: "web-1.example.com", role: "target" },
        { type: "host", value: "collector.example.com", role: "observer" },
        { type: "user", value: "ana", role: "target" },
        { type: "ip", value: "203.0.113.7", role: "actor" },
      ],
      labels: {
        category: "syslog",
        eventsource: "systemslogs",
        tags: "example",
        processid: "188",
        hostname: "web-1.example.com",
        program: "sshd",
        username: "ana",
        sourceipaddress: "203.0.113.7",
        sourceport: "58969",
        success: "false",
      },
      hints: { nativeSeverity: "NOTICE" },
    });
  });

  test("without a severity is info, or low when it reports a failure; a CEF number is none", () => {
    expect(exec).toMatchObject({ rule: "auditd/EXECVE", severity: "info" });
    expect(exec).not.toHaveProperty("hints");
    expect(ldap).toMatchObject({ rule: "authentication/LDAP_INVALID_CREDENTIALS", severity: "low" });
  });

  test("takes the worse of its own severity and its sensor's word", () => {
    expect(intel).toMatchObject({ severity: "low", hints: { nativeSeverity: "7, NOTICE" } });
    expect(intel?.entities).toContainEqual({ type: "ip", value: "198.51.100.23", role: "actor" });
    expect(intel?.occurredAt).toBe("2026-11-23T12:02:06.853Z");
  });

  test.each([
    ["EMERGENCY", "critical"],
    ["ALERT", "critical"],
    ["CRITICAL", "critical"],
    ["ERROR", "high"],
    ["WARNING", "medium"],
    ["NOTICE", "low"],
    ["INFO", "info"],
    ["DEBUG", "info"],
    ["2", "critical"],
    ["UNKNOWN", "info"],
  ])("of severity %s is %s", (native, severity) => {
    expect(event({}, { severity: native })).toMatchObject({ severity, hints: { nativeSeverity: native } });
  });

  test("folds over text, times and ports, not over machines, accounts or addresses", () => {
    const details = {
      hostname: "a",
      username: "ana",
      sourceipaddress: "192.0.2.1",
      destinationipaddress: "192.0.2.9",
    };
    const key = event(details).dedupKey;
    expect(
      event({ ...details, sourceport: 5, payload: "x" }, { summary: "t", processid: "7" }).dedupKey,
    ).toBe(key);
    for (const change of [
      { hostname: "b" },
      { username: "ben" },
      { sourceipaddress: "192.0.2.2" },
      { destinationipaddress: "192.0.2.8" },
      { program: "sudo" },
      { env: "staging" },
    ]) {
      expect(event({ ...details, ...change }).dedupKey).not.toBe(key);
    }
  });

  test("that is only information is one group whoever it names", () => {
    const key = (username: string) => event({ username }, { severity: "INFO" }).dedupKey;
    expect(key("ana")).toBe(key("ben"));
  });

  test("without a summary is rejected", () => {
    expect(rejectOf(read("mozdef", { category: "a", details: {} })).message).toBe(
      "summary: is required in a MozDef event or alert",
    );
  });
});

describe("an alert of MozDef", () => {
  test("becomes an alert of its class, about what its events name, without a verdict", () => {
    expect(bruteforce).toEqual({
      source: "mozdef",
      rule: "AlertBruteforceSsh",
      title: "12 ssh bruteforce attempts by 203.0.113.7",
      severity: "critical",
      occurredAt: "2026-11-23T12:05:00.000Z",
      dedupKey: "mozdef|alert|AlertBruteforceSsh||source|203.0.113.7",
      entities: [
        { type: "host", value: "web-1.example.com", role: "target" },
        { type: "user", value: "ana", role: "target" },
        { type: "ip", value: "203.0.113.7", role: "actor" },
        { type: "host", value: "web-2.example.com", role: "target" },
        { type: "user", value: "ben", role: "target" },
      ],
      techniques: ["T1110"],
      labels: {
        category: "bruteforce",
        classname: "AlertBruteforceSsh",
        channel: "#alerts",
        tags: "ssh, T1110",
      },
      description: "Failed password for ana\nFailed password for ben",
      links: [{ href: "https://wiki.example.com/ssh", text: "Runbook" }],
      hints: { nativeSeverity: "CRITICAL", runbookUrl: "https://wiki.example.com/ssh" },
    });
  });

  test("about events that did not come is of its category and tags", () => {
    expect(deadman).toMatchObject({ rule: "deadman/deadman", severity: "high", title: "=cmd|' /C calc'!A0" });
  });

  test("folds over samples of events that share their subject, and not over subjects", () => {
    const one = { sourceipaddress: "192.0.2.1" };
    const two = { sourceipaddress: "192.0.2.2" };
    const key = raised([one, { ...one, username: "ana" }]).dedupKey;
    expect(raised([{ ...one, username: "ben" }]).dedupKey).toBe(key);
    expect(raised([two]).dedupKey).not.toBe(key);
    expect(
      raised([
        { ...one, hostname: "a" },
        { ...two, hostname: "a" },
      ]).dedupKey,
    ).toBe("mozdef|alert|c||host|a");
    expect(raised([one, two]).dedupKey).toBe("mozdef|alert|c|");
  });

  test("takes the environment that all its events name", () => {
    expect(raised([{ env: "prod" }, { env: "prod" }]).environment).toBe("prod");
    expect(raised([{ env: "prod" }, { env: "test" }])).not.toHaveProperty("environment");
    expect(raised([{ env: "prod" }]).dedupKey).not.toBe(raised([{ env: "test" }]).dedupKey);
  });

  test("is the same whatever people did with it there", () => {
    const one = raised([{}], { status: "acknowledged", acknowledgedby: "ana" });
    expect(one).toEqual(raised([{}]));
  });
});

test.each([
  [{ summary: "s", category: "c" }],
  [{ summary: "s", details: { a: 1 } }],
  [{ summary: "s", category: "c", events: [{ a: 1 }] }],
  [{ category: "c", details: {}, utctimestamp: "2026-11-23T12:00:00Z", tags: [] }],
])("%j is not told to be MozDef's", (record) => {
  expect(detectFormat(record)).toBeNull();
});
