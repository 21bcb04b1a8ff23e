import { describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const [pod, later, host, docker, cloud, go, bare] = fixtureAlerts("falco", "falco/alerts.ndjson");

function seen(fields: unknown, more: object = {}) {
  return alertOf(read("falco", { rule: "r", priority: "Notice", output_fields: fields, ...more }));
}

describe("an alert of Falco", () => {
  test("becomes an alert of its rule about a pod, its process and its file", () => {
    expect(pod).toEqual({
      source: "falco",
      rule: "Read sensitive file untrusted",
      title: "Sensitive file opened for reading by non-trusted program",
      severity: "medium",
      environment: "prod",
      occurredAt: "2026-11-23T12:00:00.746Z",
      dedupKey: "falco|Read sensitive file untrusted|prod||container|shop|registry.example.com/shop/web||cat",
      entities: [
        { type: "host", value: "node-4.example.com", role: "target" },
        { type: "container", value: "web-7d9f8b6c5-x2x9z", role: "target" },
        { type: "process", value: "/usr/bin/cat", role: "actor" },
        { type: "user", value: "root", role: "actor" },
        { type: "file", value: "/etc/shadow", role: "target" },
      ],
      techniques: ["T1555"],
      labels: expect.objectContaining({
        falco_source: "syscall",
        tags: "T1555, container, filesystem, host, maturity_stable, mitre_credential_access",
        "k8s.ns.name": "shop",
        "container.image.tag": "1.4.2",
        "proc.tty": "34816",
      }),
      description: expect.stringContaining("file=/etc/shadow process=cat"),
      hints: { nativeSeverity: "Warning" },
    });
  });

  test("keeps no number that has lost its digits", () => {
    expect(pod?.labels).not.toHaveProperty("evt.time");
    expect(seen({ "proc.vpid.big": 2 ** 60, "proc.pid": 7 }).labels).toEqual({ "proc.pid": "7" });
  });

  test("folds over pods, nodes, container ids and files, not over namespaces, images or processes", () => {
    expect(later?.dedupKey).toBe(pod?.dedupKey);
    const fields = { "k8s.ns.name": "a", "container.image.repository": "i", "proc.name": "p" };
    const one = seen(fields).dedupKey;
    for (const other of [
      { "k8s.ns.name": "b" },
      { "container.image.repository": "j" },
      { "proc.name": "q" },
      { env: "staging" },
      { cluster: "two" },
    ]) {
      expect(seen({ ...fields, ...other }).dedupKey).not.toBe(one);
    }
    expect(seen({ ...fields, "container.id": "abc", "fd.name": "/x" }).dedupKey).toBe(one);
  });

  test("of a pod without an image is one group for the whole workload", () => {
    const of = (name: string) => seen({ "k8s.ns.name": "a", "k8s.pod.name": name }).dedupKey;
    expect(of("web-7d9f8b6c5-x2x9z")).toBe(of("web-7d9f8b6c5-k4h7b"));
    expect(of("web-7d9f8b6c5-x2x9z")).not.toBe(of("api-7d9f8b6c5-x2x9z"));
    expect(of("shop-backend-proxy")).not.toBe(of("shop"));
  });

  test("outside a container is about its machine, and names no container", () => {
    expect(host).toMatchObject({
      title: "File below a known binary directory opened for writing",
      severity: "high",
      dedupKey: "falco|Write below binary dir|||host|db-3|touch",
    });
    expect(host?.entities).toEqual([
      { type: "host", value: "db-3", role: "target" },
      { type: "process", value: "touch", role: "actor" },
      { type: "user", value: "root", role: "actor" },
      { type: "file", value: "/bin/hack", role: "target" },
    ]);
  });

  test("of a connection names both ends, the public one as the actor, and keeps machines apart", () => {
    expect(docker?.entities).toEqual([
      { type: "host", value: "docker-2", role: "target" },
      { type: "container", value: "shop-1", role: "target" },
      { type: "process", value: "bash", role: "actor" },
      { type: "ip", value: "203.0.113.9", role: "actor" },
      { type: "ip", value: "10.0.0.8", role: "target" },
    ]);
    expect(docker).toMatchObject({ severity: "low", techniques: ["T1059"] });
    expect(docker?.dedupKey).toContain("docker-2");
  });

  test("read from a cloud's log is about account and user; the machine only observes", () => {
    expect(cloud).toMatchObject({ severity: "critical", techniques: ["T1078.004"] });
    expect(cloud?.entities).toEqual([
      { type: "host", value: "falco-reader-1", role: "observer" },
      { type: "user", value: "ana", role: "actor" },
      { type: "account", value: "123456789012", role: "target" },
      { type: "ip", value: "203.0.113.7", role: "actor" },
    ]);
    expect(cloud?.dedupKey).toBe("falco|Console Login Without MFA|||ConsoleLogin|ana|123456789012||");
  });

  test("read from a cloud's log folds over addresses, not over people, accounts or actions", () => {
    const fields = {
      "gcp.user": "ana@example.com",
      "gcp.methodName": "delete",
      "gcp.callerIP": "203.0.113.7",
    };
    const key = (change: object) => seen({ ...fields, ...change }, { source: "gcp_auditlog" }).dedupKey;
    expect(key({ "gcp.callerIP": "203.0.113.8" })).toBe(key({}));
    for (const change of [
      { "gcp.user": "ben@example.com" },
      { "gcp.methodName": "create" },
      { "json.value[/resource/labels/project_id]": "shop-test" },
    ]) {
      expect(key(change)).not.toBe(key({}));
    }
  });

  test("names its technique with or without words, and its service by what it was told", () => {
    expect(seen({}, { tags: ["T1562-impair-defenses", "TA0005-defense-evasion"] }).techniques).toEqual([
      "T1562",
    ]);
    expect(seen({ "k8s.deployment.name": "web" }).service).toBe("web");
    expect(seen({ "k8s.deployment.name": "web", service: "shop" }).service).toBe("shop");
  });

  test("takes the spelling of Go's clients, and comes without fields too", () => {
    expect(go).toMatchObject({ rule: "Test Terminate", title: "=cmd|' /C calc'!A0", severity: "info" });
    expect(bare).toMatchObject({ title: "Fields were left out", severity: "info" });
  });

  test.each([
    ["Emergency", "critical"],
    ["Alert", "critical"],
    ["CRITICAL", "critical"],
    ["error", "high"],
    ["Warning", "medium"],
    ["Notice", "low"],
    ["Informational", "info"],
    ["Debug", "info"],
    ["purple", "medium"],
  ])("of priority %s is %s", (priority, severity) => {
    expect(seen({}, { priority })).toMatchObject({ severity, hints: { nativeSeverity: priority } });
  });

  test("takes its time from the event where it has no other", () => {
    const fields: unknown = JSON.parse('{"evt.time":1795435200746409046}');
    expect(seen(fields).occurredAt).toBe("2026-11-23T12:00:00.746Z");
  });

  test("without a rule is rejected", () => {
    expect(rejectOf(read("falco", { priority: "Error", output_fields: {} })).message).toBe(
      "rule: is required in a Falco alert",
    );
  });

  test("is not told from the description of a rule", () => {
    const rule = {
      rule: "Write below etc",
      desc: "d",
      output: "o (user=%user.name)",
      priority: "ERROR",
      tags: [],
    };
    expect(detectFormat(rule)).toBeNull();
  });
});
