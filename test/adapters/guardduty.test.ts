import { describe, expect, test } from "vitest";
import { adapterFor, detectFormat } from "../../server/adapters/registry.ts";
import type { Alert } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, fixtureRecords, read, rejectOf } from "./fixture-records.ts";

const alerts = fixtureAlerts("guardduty", "guardduty/findings.ndjson");
const at = (index: number): Alert => {
  const alert = alerts[index];
  if (!alert) throw new Error(`no alert ${index}`);
  return alert;
};
const entity = (type: string, value: string, role: string) => ({ type, value, role });
const finding = (change: object = {}) => ({
  accountId: "012345678901",
  region: "eu-west-1",
  id: "f1",
  type: "UnauthorizedAccess:EC2/SSHBruteForce",
  severity: 5,
  resource: { resourceType: "Instance", instanceDetails: { instanceId: "i-1" } },
  service: { serviceName: "guardduty", resourceRole: "TARGET", count: 1, archived: false },
  ...change,
});
const inSns = (message: unknown, type = "Notification") => ({
  Type: type,
  MessageId: "m1",
  TopicArn: "arn:aws:sns:eu-west-1:012345678901:findings",
  Message: typeof message === "string" ? message : JSON.stringify(message),
  Timestamp: "2026-11-23T12:00:00.000Z",
});
const inEventBridge = (detail: unknown) => ({
  version: "0",
  id: "e1",
  "detail-type": "GuardDuty Finding",
  source: "aws.guardduty",
  account: "012345678901",
  time: "2026-11-23T12:00:00Z",
  region: "eu-west-1",
  resources: [],
  detail,
});

describe("a GuardDuty finding", () => {
  test("becomes an alert of its type", () => {
    const { links, ...rest } = at(0);
    expect(rest).toEqual({
      source: "guardduty",
      rule: "UnauthorizedAccess:EC2/SSHBruteForce",
      title: "203.0.113.7 is performing SSH brute force attacks against i-0c0ffee0c0ffee001.",
      severity: "high",
      environment: "staging",
      service: "shop",
      occurredAt: "2026-11-23T12:00:00.000Z",
      status: "firing",
      dedupKey: "guardduty|012345678901|eu-west-1|0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      entities: [
        entity("host", "i-0c0ffee0c0ffee001", "target"),
        entity("ip", "203.0.113.7", "actor"),
        entity("ip", "192.0.2.10", "target"),
        entity("ip", "198.51.100.10", "target"),
        entity("account", "012345678901", "target"),
      ],
      techniques: ["T1110"],
      labels: {
        account: "012345678901",
        region: "eu-west-1",
        purpose: "UnauthorizedAccess",
        resource_type: "Instance",
        resource_role: "TARGET",
        action: "NETWORK_CONNECTION",
        count: "3",
        Name: "shop-web-1",
        Env: "staging",
        service: "shop",
      },
      description: expect.stringContaining("by guessing the SSH password"),
      hints: {
        nativeSeverity: "8",
        heartbeatKey: "guardduty|012345678901|eu-west-1|0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        instanceKey: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      },
    });
    expect(links).toEqual([
      {
        href: "https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1#/findings?macros=current&fId=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        text: "GuardDuty console",
      },
    ]);
  });

  test("in the case of the API is the same alert", () => {
    expect(at(1)).toEqual(at(0));
  });

  test("told again with a higher count, another title and another severity is the same heartbeat", () => {
    expect(at(2).labels?.count).toBe("41");
    expect(at(2).dedupKey).toBe(at(0).dedupKey);
    expect(at(2).hints?.heartbeatKey).toBe(at(0).hints?.heartbeatKey);
    expect(at(2).occurredAt).toBe("2026-11-23T13:00:00.000Z");
  });

  test("that was archived is resolved, for the same instance, when that was done", () => {
    expect(at(3)).toMatchObject({ status: "resolved", occurredAt: "2026-11-23T14:00:00.000Z" });
    expect(at(3).hints?.instanceKey).toBe(at(0).hints?.instanceKey);
  });

  test("whose resource is the actor has the far end as its target", () => {
    expect(at(4).entities).toEqual([
      entity("host", "i-0c0ffee0c0ffee002", "actor"),
      entity("domain", "pool.example.com", "target"),
      entity("ip", "192.0.2.11", "actor"),
      entity("account", "111122223333", "target"),
    ]);
    expect(at(4)).toMatchObject({ severity: "critical", environment: "prod", techniques: ["T1496.001"] });
    expect(at(4).labels).toMatchObject({ tactic: "impact", threat_names: "coin-miner" });
    expect(at(5)).toEqual(at(4));
  });

  test("that is a sample is low and says so", () => {
    expect(at(6)).toMatchObject({ severity: "low", labels: { sample: "true" }, environment: "dev" });
    expect(at(6).description).toBe(
      "A sample finding, made on request: nothing happened.\nSomeone read a bucket in an unusual way.",
    );
    expect(at(6).entities).toContainEqual(entity("url", "s3://example-bucket", "target"));
  });

  test("of a port probe names everyone who probed", () => {
    const probing = at(7).entities?.filter(({ role }) => role === "actor");
    expect(probing).toEqual([entity("ip", "203.0.113.20", "actor"), entity("ip", "203.0.113.21", "actor")]);
    expect(at(8)).toEqual(at(7));
  });

  test.each([
    [0.5, "info"],
    [1, "low"],
    [3.9, "low"],
    [4, "medium"],
    [6.9, "medium"],
    [7, "high"],
    [8.9, "high"],
    [9, "critical"],
    [10, "critical"],
    ["8.5", "high"],
    ["severe", "medium"],
    [undefined, "medium"],
  ])("of severity %s is %s", (severity, expected) => {
    expect(alertOf(read("guardduty", finding({ severity }))).severity).toBe(expected);
  });

  test.each([
    [{ additionalInfo: { sample: true } }],
    [{ additionalInfo: { value: '{"sample": true}', type: "default" } }],
  ])("marked %j is a sample without its title saying so", (service) => {
    const alert = alertOf(read("guardduty", finding({ severity: 9, service })));
    expect(alert).toMatchObject({ severity: "low", labels: { sample: "true" } });
  });

  test("of another account, region or id is another", () => {
    const others = [{}, { accountId: "111122223333" }, { region: "us-east-1" }, { id: "f2" }];
    const keys = others.map((change) => alertOf(read("guardduty", finding(change))).dedupKey);
    expect(new Set(keys).size).toBe(4);
  });

  test("whose account came as a number has its zeros back", () => {
    const alert = alertOf(read("guardduty", finding({ accountId: 12345678901 })));
    expect(alert.labels?.account).toBe("012345678901");
    expect(alert.entities).toContainEqual(entity("account", "012345678901", "target"));
  });

  test("takes account, region and time from the event around it where it has none", () => {
    const bare = finding({ accountId: undefined, region: undefined });
    expect(alertOf(read("guardduty", inEventBridge(bare)))).toMatchObject({
      dedupKey: "guardduty|012345678901|eu-west-1|f1",
      occurredAt: "2026-11-23T12:00:00.000Z",
    });
  });

  test("with a region that is none links nowhere", () => {
    const alert = alertOf(read("guardduty", finding({ region: "evil.example.com/#" })));
    expect(alert.links).toBeUndefined();
  });

  test("of an attack sequence names its actors, where they came from, and its own techniques", () => {
    const detection = {
      sequence: {
        actors: [{ id: "a", user: { name: "carla", uid: "u", type: "IAMUser" } }],
        endpoints: [{ id: "e", ip: "203.0.113.9" }],
        sequenceIndicators: [{ key: "ATTACK_TECHNIQUE", values: ["T1530 - Data from Cloud Storage"] }],
      },
    };
    const alert = alertOf(
      read(
        "guardduty",
        finding({ type: "AttackSequence:S3/CompromisedData", severity: 9, service: { detection } }),
      ),
    );
    expect(alert.entities).toContainEqual(entity("user", "carla", "actor"));
    expect(alert.entities).toContainEqual(entity("ip", "203.0.113.9", "actor"));
    expect(alert.techniques).toEqual(["T1530"]);
  });
});

describe("finding GuardDuty out", () => {
  const shapes: [string, unknown][] = [
    ["bare", finding()],
    ["an event", inEventBridge(finding())],
    ["a notification of a finding", inSns(finding())],
    ["a notification of an event", inSns(inEventBridge(finding()))],
    ["an answer of the API", { Findings: fixtureRecords("guardduty/findings.ndjson").slice(1, 2) }],
  ];

  test.each(shapes)("works for %s", (_, record) => {
    expect(detectFormat(record)).toBe("guardduty");
    expect(read("guardduty", record)[0]?.alert?.source).toBe("guardduty");
  });

  test("is not fooled by an event of another service or a notification of text", () => {
    const other = { ...inEventBridge(finding()), "detail-type": "EC2 Instance State-change Notification" };
    expect(detectFormat(other)).toBeNull();
    expect(detectFormat(inSns(other))).toBeNull();
    expect(detectFormat(inSns("the build is green"))).toBeNull();
    expect(adapterFor("guardduty").recognises({ Findings: [] })).toBe(false);
  });
});

describe("what is no finding", () => {
  test.each([
    [finding({ id: undefined }), "id: is required in a GuardDuty finding"],
    [finding({ type: undefined }), "type: is required in a GuardDuty finding"],
    [inEventBridge("text"), "detail: must be a GuardDuty finding"],
    [inSns("{broken"), "Message: does not hold a JSON object"],
    [inSns("[1]"), "Message: does not hold a JSON object"],
    [
      inSns("Confirm me", "SubscriptionConfirmation"),
      "Type: an SNS SubscriptionConfirmation carries no alert; only a Notification does",
    ],
    [
      inSns("Good bye", "UnsubscribeConfirmation"),
      "Type: an SNS UnsubscribeConfirmation carries no alert; only a Notification does",
    ],
    ["text", "guardduty: must be an object"],
  ])("%# is rejected with the reason", (record, message) => {
    expect(rejectOf(read("guardduty", record))).toEqual({ code: "invalid_alert", message });
  });

  test("is told when it nests too deep inside its message", () => {
    const deep = `${'{"a":'.repeat(100)}1${"}".repeat(100)}`;
    expect(rejectOf(read("guardduty", inSns(deep))).code).toBe("nested_too_deep");
  });

  test("does not stand in the way of the findings beside it", () => {
    const readings = read("guardduty", { Findings: [finding(), null, finding({ id: "f2" })] });
    expect(readings.map(({ alert }) => alert?.hints?.instanceKey)).toEqual(["f1", undefined, "f2"]);
  });
});
