import { describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import type { Alert } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const alerts = fixtureAlerts("gcp-logging", "gcp-logging/entries.ndjson");
const at = (index: number): Alert => {
  const alert = alerts[index];
  if (!alert) throw new Error(`no alert ${index}`);
  return alert;
};
const entity = (type: string, value: string, role: string) => ({ type, value, role });
const entry = (change: object = {}) => ({
  logName: "projects/example-shop/logs/app",
  resource: { type: "global", labels: { project_id: "example-shop" } },
  timestamp: "2026-11-23T12:00:00Z",
  insertId: "a1",
  textPayload: "something happened",
  ...change,
});
const audit = (change: object = {}) =>
  entry({
    textPayload: undefined,
    logName: "projects/example-shop/logs/cloudaudit.googleapis.com%2Factivity",
    protoPayload: {
      serviceName: "iam.googleapis.com",
      methodName: "google.iam.admin.v1.CreateServiceAccountKey",
      authenticationInfo: { principalEmail: "ana@example.com" },
      resourceName: "projects/example-shop/serviceAccounts/1",
      ...change,
    },
  });
const readOne = (record: unknown): Alert => alertOf(read("gcp-logging", record));
const keysOf = (records: readonly unknown[]) => new Set(records.map((one) => readOne(one).dedupKey));

describe("an entry of an audit log", () => {
  test("becomes an alert of its method", () => {
    expect(at(0)).toEqual({
      source: "gcp-logging",
      rule: "SetIamPolicy",
      title: "SetIamPolicy on projects/example-shop by ana@example.com",
      severity: "low",
      occurredAt: "2026-11-23T12:00:00.123Z",
      dedupKey:
        "gcp-logging|example-shop|cloudaudit.googleapis.com/activity|audit|cloudresourcemanager.googleapis.com|SetIamPolicy|ana@example.com|projects/example-shop|",
      entities: [
        entity("user", "ana@example.com", "actor"),
        entity("ip", "203.0.113.7", "actor"),
        entity("user", "carla@example.net", "target"),
        entity("account", "example-shop", "target"),
      ],
      techniques: ["T1098.003"],
      labels: {
        project_id: "example-shop",
        log: "cloudaudit.googleapis.com/activity",
        resource_type: "project",
        service_name: "cloudresourcemanager.googleapis.com",
        resource_name: "projects/example-shop",
        grants: "ADD roles/owner user:carla@example.net",
        user_agent: "gcloud/500.0.0",
        insert_id: "1abcd2e3f4",
      },
      links: [
        {
          href: "https://console.cloud.google.com/logs/query;query=insertId%3D%221abcd2e3f4%22?project=example-shop",
          text: "Logs Explorer",
        },
      ],
      hints: { nativeSeverity: "NOTICE", heartbeatKey: expect.stringContaining("1abcd2e3f4") },
    });
  });

  test("is the same inside a push request", () => {
    expect(at(1)).toEqual(at(0));
  });

  test("that was denied says so, with the bucket it was about", () => {
    expect(at(3)).toMatchObject({
      severity: "high",
      title: expect.stringMatching(/^storage\.objects\.get denied on/),
      description: "carla@example.net does not have storage.objects.get access.",
    });
    expect(at(3).entities).toContainEqual(entity("url", "gs://example-bucket", "target"));
  });

  test("folds what one caller is denied, whatever the object; what is done to another object is another", () => {
    const denied = { status: { code: 7 } };
    const other = { resourceName: "projects/example-shop/serviceAccounts/2" };
    expect(keysOf([audit(denied), audit({ ...denied, ...other })]).size).toBe(1);
    const changes = [
      {},
      other,
      { methodName: "google.iam.admin.v1.DeleteServiceAccount" },
      { serviceName: "other.googleapis.com" },
      { authenticationInfo: { principalEmail: "carla@example.com" } },
      denied,
      { status: { code: 5 } },
    ];
    expect(keysOf(changes.map(audit)).size).toBe(changes.length);
  });

  test("has its technique only when the call went well", () => {
    expect(readOne(audit()).techniques).toEqual(["T1098.001"]);
    expect(readOne(audit({ status: {} })).techniques).toEqual(["T1098.001"]);
    expect(readOne(audit({ status: { code: 7 } })).techniques).toBeUndefined();
  });

  test("of a failed sign-in has the user as its target", () => {
    const methodName = "google.login.LoginService.loginFailure";
    expect(readOne(audit({ methodName })).entities?.[0]).toEqual(entity("user", "ana@example.com", "target"));
  });

  test("names who stood behind a service account, and no address where Google hides it", () => {
    const alert = readOne(
      audit({
        authenticationInfo: {
          principalEmail: "ci@example-shop.iam.gserviceaccount.com",
          serviceAccountDelegationInfo: [{ firstPartyPrincipal: { principalEmail: "ana@example.com" } }],
        },
        requestMetadata: { callerIp: "private" },
      }),
    );
    expect(alert.entities?.filter(({ role }) => role === "actor")).toEqual([
      entity("user", "ci@example-shop.iam.gserviceaccount.com", "actor"),
      entity("user", "ana@example.com", "actor"),
    ]);
  });
});

describe("any other entry", () => {
  test("of Event Threat Detection is one of its rule", () => {
    expect(at(4)).toMatchObject({
      rule: "iam_anomalous_grant/external_member_invited_to_policy",
      severity: "critical",
      labels: { tactic: "persistence", detection_priority: "HIGH" },
    });
    expect(at(4).entities).toContainEqual(entity("user", "carla@example.net", "actor"));
  });

  test("of a syslog is one of the program; a number longer than 2^53 stays as it is", () => {
    expect(at(5)).toMatchObject({ rule: "syslog/sshd", severity: "info" });
    expect(at(5).labels).toMatchObject({ instance_id: "9999999999999999999" });
    expect(at(5).entities).toContainEqual(entity("host", "bastion-1", "target"));
  });

  test("of a pod takes environment and service from the pod's labels", () => {
    expect(at(6)).toMatchObject({
      environment: "staging",
      service: "shop",
      severity: "high",
      title: "<script>alert(1)</script> payment failed",
    });
  });

  test("of a load balancer has both ends and the address asked for", () => {
    expect(at(7)).toMatchObject({ title: "GET https://shop.example.com/.env 404", severity: "medium" });
    expect(at(7).entities).toEqual([
      entity("ip", "192.0.2.20", "target"),
      entity("url", "https://shop.example.com/.env", "target"),
      entity("ip", "203.0.113.7", "actor"),
      entity("account", "example-shop", "target"),
    ]);
  });

  test("folds over text, time and pod, and is another by log, place, severity and event", () => {
    const pod = (name: string) => ({
      resource: { type: "k8s_container", labels: { cluster_name: "main", pod_name: name } },
    });
    const same = [
      entry(pod("shop-1")),
      entry({ ...pod("shop-2"), textPayload: "else", timestamp: "2026-11-23T13:00:00Z", insertId: "b" }),
    ];
    expect(keysOf(same).size).toBe(1);
    const different = [
      entry(),
      entry({ logName: "projects/example-shop/logs/other" }),
      entry({ logName: "projects/other/logs/app", resource: { type: "global", labels: {} } }),
      entry({ severity: "ERROR" }),
      entry({ textPayload: undefined, jsonPayload: { event: "login" } }),
      entry({ sourceLocation: { file: "a.go", line: "7" } }),
      entry({ resource: { type: "gce_instance", labels: { project_id: "example-shop", instance_id: "1" } } }),
    ];
    expect(keysOf(different).size).toBe(different.length);
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
    ["DEFAULT", "info"],
    [undefined, "info"],
    [800, "critical"],
    [600, "critical"],
    ["500", "high"],
    [400, "medium"],
    [300, "low"],
    [200, "info"],
  ])("of severity %s is %s", (severity, expected) => {
    expect(readOne(entry({ severity })).severity).toBe(expected);
  });

  test("delivered twice carries the same heartbeat, another entry another one", () => {
    const [first, again, next] = [entry(), entry(), entry({ insertId: "a2" })].map(readOne);
    expect(again?.hints?.heartbeatKey).toBe(first?.hints?.heartbeatKey);
    expect(next?.hints?.heartbeatKey).not.toBe(first?.hints?.heartbeatKey);
    expect(next?.dedupKey).toBe(first?.dedupKey);
  });

  test("of an organization has that as its account", () => {
    const logName = "organizations/123456789012/logs/app";
    const alert = readOne(entry({ logName, resource: { type: "audited_resource", labels: {} } }));
    expect(alert.entities).toEqual([entity("account", "organizations/123456789012", "target")]);
    expect(alert.links).toBeUndefined();
  });
});

describe("what another tool wrote into the log", () => {
  const falco = {
    rule: "Terminal shell in container",
    priority: "Notice",
    output: "A shell was spawned",
    time: "2026-11-23T12:00:00.000000000Z",
    hostname: "node-1",
    output_fields: { "container.id": "abc", "proc.name": "bash" },
  };

  test("is that tool's, with the machine as an observer and the project to place it", () => {
    expect(at(2)).toMatchObject({
      source: "mozlog",
      rule: "login.failed",
      environment: "prod",
      occurredAt: "2026-11-23T12:00:00.000Z",
      labels: { project_id: "example-shop", log: "docker.accounts" },
    });
    expect(at(2).entities).toContainEqual(entity("host", "accounts-1", "observer"));
    expect(at(2).entities).toContainEqual(entity("account", "example-shop", "target"));
  });

  test("has the identity it would have had directly", () => {
    const direct = alertOf(read("falco", falco));
    const carried = readOne(entry({ textPayload: undefined, jsonPayload: falco }));
    const named = ({ source, rule, dedupKey, severity }: Alert) => ({ source, rule, dedupKey, severity });
    expect(named(carried)).toEqual(named(direct));
  });

  test("cannot be a resolved alert of a detector that does not log this way", () => {
    const jsonPayload = { labels: { alertname: "A" }, status: "resolved", annotations: {}, startsAt: "x" };
    expect(detectFormat(jsonPayload)).toBe("alertmanager");
    expect(readOne(entry({ textPayload: undefined, jsonPayload })).source).toBe("gcp-logging");
  });
});

describe("a push request of Pub/Sub", () => {
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");
  const push = (message: object, more: object = { subscription: "projects/p/subscriptions/s" }) => ({
    message,
    ...more,
  });

  test.each([
    [push({ data: base64(entry()), messageId: "1", publishTime: "2026-11-23T12:00:00Z" })],
    [push({ data: base64(entry()), message_id: "1", publish_time: "2026-11-23T12:00:00Z" })],
    [push({ data: base64(entry()), messageId: "1" }, {})],
    [push({ data: Buffer.from(JSON.stringify(entry())).toString("base64url") })],
    [push({ data: `${base64(entry()).slice(0, 40)}\r\n${base64(entry()).slice(40)}` })],
    [push({ data: Buffer.from(`\ufeff${JSON.stringify(entry())}`).toString("base64") })],
    [entry()],
  ])("%# is opened whatever its spelling", (record) => {
    expect(detectFormat(record)).toBe("gcp-logging");
    expect(read("gcp-logging", record)).toEqual(read("gcp-logging", entry()));
  });

  test.each([
    [push({ messageId: "1" }), "message.data: is required in a Pub/Sub message"],
    [push({ data: "" }), "message.data: is required in a Pub/Sub message"],
    [push({ data: "no base64!" }), "message.data: must be base64 of UTF-8 text"],
    [push({ data: "a=b=" }), "message.data: must be base64 of UTF-8 text"],
    [
      push({ data: Buffer.from([0xff, 0xfe, 0x80]).toString("base64") }),
      "message.data: must be base64 of UTF-8 text",
    ],
    [push({ data: Buffer.from("{broken").toString("base64") }), "message.data: does not hold a JSON object"],
    [push({ data: base64([entry()]) }), "message.data: does not hold a JSON object"],
  ])(
    "%# that cannot be opened is rejected with the reason, also when nobody named the format",
    (record, message) => {
      expect(rejectOf(read("gcp-logging", record))).toEqual({ code: "invalid_alert", message });
      expect(rejectOf(read("gcp-scc", record))).toEqual({ code: "invalid_alert", message });
      expect(detectFormat(record)).toBe("gcp-logging");
    },
  );

  test("that holds something else is told apart", () => {
    expect(detectFormat(push({ data: base64({ hello: "world" }) }))).toBeNull();
    expect(rejectOf(read("gcp-logging", push({ data: base64({ hello: "world" }) }))).message).toBe(
      "logName: is required in a LogEntry",
    );
    expect(rejectOf(read("gcp-logging", 7)).message).toBe("gcp-logging: must be an object");
  });

  test("that nests too deep inside is rejected for that", () => {
    const deep: unknown = JSON.parse(`${'{"a":'.repeat(100)}1${"}".repeat(100)}`);
    expect(rejectOf(read("gcp-logging", push({ data: base64({ ...entry(), deep }) }))).code).toBe(
      "nested_too_deep",
    );
  });
});
