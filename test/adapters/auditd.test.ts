import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adapterFor, detectFormat } from "../../server/adapters/registry.ts";
import type { Alert } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, fixtureText, read, rejectOf } from "./fixture-records.ts";

const cut = (text: string) =>
  adapterFor("auditd")
    .textRecords?.(text)
    .map((span) => text.slice(...span)) ?? [];
const one = (text: string): Alert => alertOf(read("auditd", text));
const hex = (text: string) => Buffer.from(text).toString("hex").toUpperCase();
const line = (type: string, rest: string, id = "1795435200.100:7") =>
  `node=web-1 type=${type} msg=audit(${id}): ${rest}`;
const said = (type: string, inner: string) =>
  one(line(type, `pid=1 uid=0 auid=4294967295 ses=4294967295 msg='${inner}'`));
const alerts = fixtureAlerts("auditd", "auditd/audit.log");
const byRule = (rule: string) => {
  const found = alerts.find((alert) => alert.rule === rule);
  if (found === undefined) throw new Error(`no ${rule}`);
  return found;
};

describe("an event", () => {
  test("is neighbouring lines with one id on one machine", () => {
    const records = cut(fixtureText("auditd/audit.log"));
    expect(records).toHaveLength(17);
    expect(records[2]?.split("\n")).toHaveLength(6);
    expect(
      cut(`${line("A", "")}\n${line("B", "").replace("web-1", "web-2")}\n${line("C", "")}`),
    ).toHaveLength(3);
  });

  test("does not end at blank lines or what ausearch writes between", () => {
    const text = `----\ntime->Mon Nov 23 12:00:00 2026\n${line("A", "")}\r\n\n${line("B", "")}\n----\n`;
    expect(cut(text)).toEqual([`${line("A", "")}\r\n\n${line("B", "")}`]);
  });

  test("cut again is whole, whatever lines there are", () => {
    const lines = fixtureText("auditd/audit.log").split("\n");
    const some = fc.array(fc.constantFrom(...lines, "nonsense", "", "----", "type=X msg=?", " \r"));
    fc.assert(
      fc.property(some, fc.constantFrom("\n", "\r\n"), (chosen, end) => {
        for (const record of cut(chosen.join(end))) expect(cut(record)).toEqual([record]);
      }),
    );
  });

  test("cut off at any place is read as far as it goes", () => {
    const [record = ""] = cut(fixtureText("auditd/audit.log")).slice(2);
    for (let length = 40; length < record.length; length += 7) {
      const [first = ""] = cut(record.slice(0, length));
      expect(one(first).occurredAt ?? "2026-11-23T12:00:10.100Z").toBe("2026-11-23T12:00:10.100Z");
    }
  });

  test("without an id is read, and what is no record is rejected", () => {
    expect(one("type=UNKNOWN[1329] msg=?")).toMatchObject({ rule: "UNKNOWN[1329]", severity: "info" });
    const [junk = "", event = ""] = cut(`this is\nno log\n${line("A", "")}`);
    expect(rejectOf(read("auditd", junk)).message).toMatch(/^auditd: must be lines/);
    expect(one(event).rule).toBe("A");
  });

  test("is found in text by its first line alone", () => {
    expect(detectFormat(`\n${line("A", "")}\nwhatever`)).toBe("auditd");
    expect(detectFormat(`whatever\n${line("A", "")}`)).toBeNull();
    expect(detectFormat("")).toBeNull();
  });
});

describe("severity", () => {
  test.each([
    ["USER_LOGIN", "op=login acct=28696E76616C6964207573657229 res=failed", "low", ["T1110"]],
    ["USER_AUTH", 'op=PAM:authentication acct="root" res=failed', "low", ["T1110"]],
    ["USER_AUTH", 'op=PAM:authentication acct="root" res=success', "info", undefined],
    ["ANOM_LOGIN_FAILURES", "res=success", "high", ["T1110"]],
    ["ANOM_SOMETHING_NEW", "res=success", "high", undefined],
    ["ADD_USER", 'op=add-user acct="x" res=success', "medium", ["T1136.001"]],
    ["DEL_USER", 'op=del-user acct="x" res=success', "medium", ["T1531"]],
    ["USER_CMD", "cmd=6C73 res=failed", "low", ["T1548.003"]],
    ["USER_CMD", "cmd=6C73 res=success", "info", undefined],
    ["INTEGRITY_DATA", "op=appraise_data res=0", "high", ["T1565"]],
    ["SERVICE_START", "unit=x res=success", "info", undefined],
    ["SERVICE_STOP", "unit=x res=failed", "info", undefined],
    ["CRED_ACQ", 'acct="root" res=success', "info", undefined],
    ["USER_START", 'acct="root" res=success', "info", undefined],
  ])("of %s with %s is %s", (type, inner, severity, techniques) => {
    const alert = said(type, inner);
    expect([alert.severity, alert.techniques]).toEqual([severity, techniques]);
  });

  test.each([
    ["exec", "low", undefined],
    ["identity", "medium", ["T1098"]],
    ["code_injection", "high", ["T1055.008"]],
    ["auditlog", "medium", ["T1562.012"]],
    ["T1078_Valid_Accounts", "low", ["T1078"]],
    ["T1562.012_audit", "medium", ["T1562.012"]],
  ])("of a rule with the key %s is %s", (key, severity, techniques) => {
    const alert = one(line("SYSCALL", `syscall=2 success=yes exe="/bin/x" key="${key}"`));
    expect(alert).toMatchObject({ rule: `key=${key}`, severity });
    expect(alert.techniques).toEqual(techniques);
  });

  test("of a system call without a key is info", () => {
    expect(one(line("SYSCALL", 'syscall=2 exe="/bin/x" key=(null)')).severity).toBe("info");
  });

  test.each([
    ["AVC", "avc:  denied  { read } for  pid=1 permissive=0", "medium"],
    ["AVC", "avc:  denied  { read } for  pid=1 permissive=1", "low"],
    ["AVC", "avc:  granted  { read } for  pid=1", "low"],
    ["AVC", 'apparmor="DENIED" operation="open"', "medium"],
    ["AVC", 'apparmor="ALLOWED" operation="open"', "low"],
    ["AVC", 'apparmor="STATUS" operation="profile_load"', "info"],
    ["CONFIG_CHANGE", "op=set audit_enabled=0 old=1 res=1", "high"],
    ["CONFIG_CHANGE", 'op=remove_rule key="x" list=4 res=1', "medium"],
    ["CONFIG_CHANGE", 'op=add_rule key="x" list=4 res=1', "info"],
    ["MAC_STATUS", "enforcing=0 old_enforcing=1", "high"],
    ["MAC_STATUS", "enforcing=1 old_enforcing=0", "medium"],
  ])("of %s %s is %s", (type, rest, severity) => {
    expect(one(line(type, rest)).severity).toBe(severity);
  });

  test("is that of the worst record, in whatever order they come", () => {
    const lines = [
      line("SYSCALL", "key=(null)"),
      line("AVC", "avc:  denied  { read } for  pid=1"),
      line("CWD", ""),
    ];
    for (const order of [lines, lines.toReversed()])
      expect(one(order.join("\n"))).toMatchObject({ rule: "AVC" });
  });
});

describe("what an event says", () => {
  test("names machine, address, account, user and program", () => {
    expect(byRule("USER_AUTH failed").entities).toEqual([
      { type: "host", value: "shop-web-1", role: "target" },
      { type: "ip", value: "203.0.113.24", role: "actor" },
      { type: "user", value: "root", role: "target" },
      { type: "process", value: "/usr/sbin/sshd", role: "actor" },
    ]);
    expect(byRule("USER_AUTH failed").title).toBe("User auth failed: root from 203.0.113.24");
    expect(byRule("key=exec,64bit").entities).toContainEqual({ type: "user", value: "nadia", role: "actor" });
  });

  test("a number of a user is one of its machine, and nobody is no one", () => {
    expect(byRule("key=identity").entities).toContainEqual({
      type: "user",
      value: "1001@shop-web-2",
      role: "actor",
    });
    const users = (alert: Alert) => (alert.entities ?? []).filter(({ type }) => type === "user");
    expect(users(byRule("USER_LOGIN failed"))).toEqual([]);
    expect(users(said("ADD_GROUP", 'op=add-group acct="staff" res=success'))).toEqual([]);
  });

  test("is decoded where it stands in hexadecimal", () => {
    expect(byRule("key=exec,64bit").description).toContain("Command: perl -e print qq(invented)");
    const edited = byRule("key=identity");
    expect(edited.description).toContain("Command: vi pass wd");
    expect(edited.entities).toContainEqual({ type: "file", value: "/etc/pass wd", role: "target" });
    expect(byRule("USER_CMD failed").description).toContain("Command: cat /etc/shadow");
    expect(byRule("key=network_connect").entities).toContainEqual({
      type: "process",
      value: "/tmp/beacon (deleted)",
      role: "actor",
    });
  });

  test("is not decoded where it is a number", () => {
    const alert = one(line("SYSCALL", "syscall=59 a0=55 a1=4142 comm=4142 exit=42 key=(null)"));
    expect(alert.labels).toMatchObject({ comm: "AB", exit: "42", syscall: "59" });
    expect(alert.description ?? "").not.toContain("Command");
  });

  test.each([
    ["02000050CB0071090000000000000000", "203.0.113.9"],
    ["0A0001BB0000000020010DB800000000000000000000000100000000", "2001:db8:0:0:0:0:0:1"],
    ["02000050", undefined],
    ["01002F746D702F736F636B", undefined],
    ["zz", undefined],
  ])("the socket %s is %s", (saddr, ip) => {
    const found = (one(line("SOCKADDR", `saddr=${saddr}`)).entities ?? []).filter(
      ({ type }) => type === "ip",
    );
    expect(found.map(({ value }) => value)).toEqual(ip === undefined ? [] : [ip]);
  });

  test("an address of IPv4 inside IPv6 is that of IPv4, and loopback is none", () => {
    const ips = (addr: string) =>
      (said("USER_AUTH", `addr=${addr} res=failed`).entities ?? []).filter(({ type }) => type === "ip");
    expect(ips("::ffff:203.0.113.5")).toEqual([{ type: "ip", value: "203.0.113.5", role: "actor" }]);
    expect(ips("::1")).toEqual([]);
    expect(ips("?")).toEqual([]);
  });

  test("what a program says cannot stand for what the kernel says", () => {
    const alert = one(line("USER_AUTH", `pid=1 auid=5 msg='auid=0 acct="x" exe="/bin/su" res=success'`));
    expect(alert.entities).toContainEqual({ type: "user", value: "5@web-1", role: "actor" });
    expect(JSON.stringify(alert)).not.toContain("0@web-1");
  });

  test("is the machine that syslog names where auditd names none", () => {
    const hosts = ["ANOM_ABEND", "APPARMOR_DENIED"].map((rule) =>
      alerts.filter((alert) => alert.rule === rule).flatMap(({ entities }) => entities ?? []),
    );
    for (const found of hosts)
      expect(found).toContainEqual({ type: "host", value: "shop-db-1", role: "target" });
  });
});

describe("one identity", () => {
  test("is the same from the text, from Laurel and from Auditbeat's raw lines", () => {
    const [, login, , edited] = fixtureAlerts("auditd", "auditd/events.ndjson");
    expect(login?.dedupKey).toBe(byRule("USER_AUTH failed").dedupKey);
    expect(edited?.dedupKey).toBe(byRule("key=identity").dedupKey);
    expect(login?.occurredAt).toBe(byRule("USER_AUTH failed").occurredAt);
  });

  test("follows who, where and which rule, not files, arguments or time", () => {
    const call = (exe: string, file: string, id: string, node = "web-1") =>
      one(
        [line("SYSCALL", `auid=5 exe="${exe}" key="identity"`, id), line("PATH", `name="${file}"`, id)]
          .join("\n")
          .replaceAll("web-1", node),
      ).dedupKey;
    const first = call("/bin/vi", "/etc/a", "1795435200.100:7");
    expect(call("/bin/vi", "/etc/b", "1795435300.100:8")).toBe(first);
    expect(call("/bin/ed", "/etc/a", "1795435200.100:7")).not.toBe(first);
    expect(call("/bin/vi", "/etc/a", "1795435200.100:7", "web-2")).not.toBe(first);
  });

  test("of failed logins is the address they come from, whatever accounts are tried", () => {
    const login = (acct: string, addr: string) =>
      said("USER_LOGIN", `acct=${hex(acct)} exe="/usr/sbin/sshd" addr=${addr} res=failed`).dedupKey;
    expect(login("ana", "203.0.113.1")).toBe(login("ben", "203.0.113.1"));
    expect(login("ana", "203.0.113.1")).not.toBe(login("ana", "203.0.113.2"));
  });

  test("of a denied access is what was denied to whom", () => {
    const denied = (to: string, pid: number) =>
      one(
        line(
          "AVC",
          `avc:  denied  { read } for  pid=${pid} scontext=u:r:httpd_t:s0 tcontext=u:r:${to}:s0 tclass=file`,
        ),
      ).dedupKey;
    expect(denied("shadow_t", 1)).toBe(denied("shadow_t", 2));
    expect(denied("shadow_t", 1)).not.toBe(denied("etc_t", 1));
  });
});

test("hostile lines are read in the time that their length takes", () => {
  const long = 400_000;
  const lines = [
    "a".repeat(long),
    " ".repeat(long),
    line("X", "a".repeat(long)),
    line("X", "a=".repeat(long)),
    line("X", `${"a=(a ".repeat(long / 4)}`),
    line("X", `a='${"b=' ".repeat(long / 4)}`),
    `node=${"a ".repeat(long)}type= msg=`,
    `type=${" ".repeat(long)}msg`,
  ];
  const from = performance.now();
  for (const text of lines) for (const record of cut(text)) expect(read("auditd", record)).toHaveLength(1);
  expect(performance.now() - from).toBeLessThan(5_000);
});
