import { describe, expect, test } from "vitest";
import { detectFormat } from "../../server/adapters/registry.ts";
import type { Alert } from "../../shared/alert.ts";
import { alertOf, fixtureAlerts, read, rejectOf } from "./fixture-records.ts";

const alerts = fixtureAlerts("cloudtrail", "cloudtrail/records.ndjson");
const at = (index: number): Alert => {
  const alert = alerts[index];
  if (!alert) throw new Error(`no alert ${index}`);
  return alert;
};
const entity = (type: string, value: string, role: string) => ({ type, value, role });
const ana = { type: "IAMUser", arn: "arn:aws:iam::012345678901:user/ana", userName: "ana" };
const root = { type: "Root", arn: "arn:aws:iam::012345678901:root", accountId: "012345678901" };
const session = (role: string, name: string) => ({
  type: "AssumedRole",
  arn: `arn:aws:sts::012345678901:assumed-role/${role}/${name}`,
  sessionContext: { sessionIssuer: { arn: `arn:aws:iam::012345678901:role/${role}`, userName: role } },
});
const record = (eventName: string, service: string, change: object = {}) => ({
  eventVersion: "1.08",
  eventName,
  eventSource: `${service}.amazonaws.com`,
  eventTime: "2026-11-23T12:00:00Z",
  awsRegion: "eu-west-1",
  sourceIPAddress: "203.0.113.7",
  userIdentity: ana,
  recipientAccountId: "012345678901",
  eventID: "e1",
  ...change,
});
const of = (eventName: string, service: string, change: object = {}): Alert =>
  alertOf(read("cloudtrail", record(eventName, service, change)));
const ingress = (permission: object) => ({
  requestParameters: { groupId: "sg-1", ipPermissions: { items: [permission] } },
});
const policy = (statement: object) => ({
  requestParameters: { bucketName: "example-bucket", bucketPolicy: { Statement: [statement] } },
});

describe("a CloudTrail record", () => {
  test("becomes an alert of its call", () => {
    expect(at(0)).toEqual({
      source: "cloudtrail",
      rule: "CreateAccessKey",
      title: "CreateAccessKey on carla by ana",
      severity: "medium",
      occurredAt: "2026-11-23T12:00:00.000Z",
      dedupKey:
        "cloudtrail|CreateAccessKey|012345678901|eu-west-1|iam|carla|arn:aws:iam::012345678901:user/ana",
      entities: [
        entity("user", "ana", "actor"),
        entity("ip", "203.0.113.7", "actor"),
        entity("account", "012345678901", "target"),
        entity("user", "carla", "target"),
      ],
      techniques: ["T1098.001"],
      labels: {
        account: "012345678901",
        region: "eu-west-1",
        event_source: "iam.amazonaws.com",
        event_name: "CreateAccessKey",
        user_type: "IAMUser",
        access_key_id: "EXAMPLEKEYID0002",
        user_agent: "aws-cli/2.15.0",
        source: "203.0.113.7",
        event_id: "e0000000-0000-4000-8000-000000000001",
      },
      links: [
        {
          href: "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events?EventId=e0000000-0000-4000-8000-000000000001",
          text: "CloudTrail console",
        },
      ],
      hints: { heartbeatKey: expect.stringContaining("e0000000-0000-4000-8000-000000000001") },
    });
  });

  test.each([
    [1, "ConsoleLogin", "critical"],
    [2, "ConsoleLogin:failure", "medium"],
    [3, "AuthorizeSecurityGroupIngress", "high"],
    [4, "DescribeInstances", "info"],
    [5, "AccessDenied", "low"],
    [6, "AccessDenied", "low"],
    [7, "StopLogging", "high"],
    [8, "PutBucketPolicy", "high"],
    [9, "DeleteTrail", "high"],
    [10, "ConsoleLogin", "medium"],
  ])("%i of the file is %s and %s", (index, rule, severity) => {
    expect(at(index)).toMatchObject({ rule, severity });
  });

  test("names the person of a session, and the user of a failed sign-in as its target", () => {
    expect(at(7).entities?.[0]).toEqual(entity("user", "ana@example.com", "actor"));
    expect(at(2).entities?.[0]).toEqual(entity("user", "ana", "target"));
  });

  test("has the bucket it is about", () => {
    expect(at(8).entities).toContainEqual(entity("url", "s3://example-bucket", "target"));
  });
});

describe("severity by event", () => {
  const login = (result: string, mfa: string, userIdentity: object) => ({
    responseElements: { ConsoleLogin: result },
    additionalEventData: { MFAUsed: mfa },
    userIdentity,
  });
  const open = { fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } };
  const cases: [string, string, object, string][] = [
    ["ConsoleLogin", "signin", login("Success", "No", root), "critical"],
    ["ConsoleLogin", "signin", login("Success", "Yes", root), "high"],
    ["ConsoleLogin", "signin", login("Failure", "No", root), "high"],
    ["ConsoleLogin", "signin", login("Success", "No", ana), "medium"],
    ["ConsoleLogin", "signin", login("Success", "Yes", ana), "info"],
    ["ConsoleLogin", "signin", login("Success", "No", session("Admin", "ana@example.com")), "info"],
    ["ConsoleLogin", "signin", login("Failure", "No", ana), "medium"],
    ["StopLogging", "cloudtrail", {}, "high"],
    ["StopLogging", "cloudtrail", { errorCode: "AccessDeniedException" }, "medium"],
    ["StopLogging", "cloudtrail", { errorCode: "TrailNotFoundException" }, "low"],
    ["StopLogging", "elsewhere", {}, "info"],
    ["CreateAccessKey", "iam", {}, "medium"],
    ["CreateAccessKey", "iam", { userIdentity: root }, "high"],
    [
      "AttachUserPolicy",
      "iam",
      { requestParameters: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" } },
      "high",
    ],
    ["AuthorizeSecurityGroupIngress", "ec2", ingress(open), "high"],
    ["AuthorizeSecurityGroupIngress", "ec2", ingress({ ...open, fromPort: 443, toPort: 443 }), "medium"],
    ["AuthorizeSecurityGroupIngress", "ec2", ingress({ ...open, fromPort: 443, toPort: 8443 }), "high"],
    [
      "AuthorizeSecurityGroupIngress",
      "ec2",
      ingress({ ipProtocol: "-1", ipv6Ranges: { items: [{ cidrIpv6: "::/0" }] } }),
      "high",
    ],
    [
      "AuthorizeSecurityGroupIngress",
      "ec2",
      ingress({ ...open, ipRanges: { items: [{ cidrIp: "192.0.2.0/24" }] } }),
      "info",
    ],
    ["AuthorizeSecurityGroupIngress", "ec2", { requestParameters: { cidrIp: "0.0.0.0/0" } }, "high"],
    ["PutBucketPolicy", "s3", policy({ Effect: "Allow", Principal: { AWS: "*" } }), "high"],
    ["PutBucketPolicy", "s3", policy({ Effect: "Allow", Principal: "*", Condition: { a: 1 } }), "medium"],
    ["PutBucketPolicy", "s3", policy({ Effect: "Deny", Principal: "*" }), "medium"],
    ["PutBucketAcl", "s3", { requestParameters: { "x-amz-acl": ["public-read"] } }, "high"],
    ["DescribeInstances", "ec2", {}, "info"],
    ["DescribeInstances", "ec2", { userIdentity: root }, "low"],
    ["RunInstances", "ec2", {}, "info"],
    ["RunInstances", "ec2", { userIdentity: root }, "medium"],
    ["RunInstances", "ec2", { userIdentity: root, eventType: "AwsServiceEvent" }, "info"],
    ["GetObject", "s3", { errorCode: "AccessDenied" }, "low"],
    ["GetObject", "s3", { errorCode: "NoSuchKey" }, "info"],
  ];

  test.each(cases)("%s of %s with %j is %s", (event, service, change, severity) => {
    expect(of(event, service, change).severity).toBe(severity);
  });
});

describe("identity", () => {
  test("a burst of what one caller is denied is one thing, whatever the calls and sessions are", () => {
    const denied = [
      of("GetObject", "s3", { errorCode: "AccessDenied", userIdentity: session("ci", "i-1") }),
      of("ListUsers", "iam", {
        errorCode: "AccessDenied",
        userIdentity: session("ci", "i-2"),
        eventID: "e2",
      }),
      of("RunInstances", "ec2", {
        errorCode: "Client.UnauthorizedOperation",
        userIdentity: session("ci", "i-3"),
        awsRegion: "us-east-1",
      }),
    ];
    expect(new Set(denied.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    expect(new Set(denied.map(({ hints }) => hints?.heartbeatKey)).size).toBe(2);
  });

  test("people who share a role are told apart, machines that do are not", () => {
    const sessions = ["ana@example.com", "carla@example.com", "i-1", "i-2"];
    const keys = sessions.map((name) =>
      of("StopLogging", "cloudtrail", { userIdentity: session("ops", name) }),
    );
    expect(new Set(keys.map(({ dedupKey }) => dedupKey)).size).toBe(3);
  });

  test("what differs in call, account, region, subject, caller or outcome is another", () => {
    const other = { ...ana, arn: "arn:aws:iam::012345678901:user/carla" };
    const all = [
      of("CreateUser", "iam"),
      of("CreateRole", "iam"),
      of("CreateUser", "iam", { recipientAccountId: "111122223333" }),
      of("CreateUser", "iam", { awsRegion: "us-east-1" }),
      of("CreateUser", "iam", { requestParameters: { userName: "dora" } }),
      of("CreateUser", "iam", { userIdentity: other }),
      of("CreateUser", "iam", { errorCode: "EntityAlreadyExists" }),
      of("CreateUser", "iam", { errorCode: "AccessDenied" }),
    ];
    expect(new Set(all.map(({ dedupKey }) => dedupKey)).size).toBe(all.length);
  });

  test("the same call at another time, from another address, is the same", () => {
    const again = of("CreateUser", "iam", {
      eventTime: "2026-11-23T13:00:00Z",
      sourceIPAddress: "198.51.100.1",
      eventID: "e2",
      userAgent: "other",
    });
    expect(again.dedupKey).toBe(of("CreateUser", "iam").dedupKey);
    expect(again.hints?.heartbeatKey).not.toBe(of("CreateUser", "iam").hints?.heartbeatKey);
  });

  test("a sign-in that fails under a hidden name is told apart by its address", () => {
    const failed = {
      responseElements: { ConsoleLogin: "Failure" },
      userIdentity: { type: "IAMUser", userName: "HIDDEN_DUE_TO_SECURITY_REASONS" },
    };
    const alert = of("ConsoleLogin", "signin", failed);
    expect(alert.dedupKey).toContain("203.0.113.7");
    expect(alert.entities?.filter(({ type }) => type === "user")).toEqual([]);
  });
});

describe("what the record says of its place", () => {
  test("an account that came as a number has its zeros back, that of a stranger is an actor", () => {
    const alert = of("PutObject", "s3", {
      recipientAccountId: 12345678901,
      userIdentity: { type: "AWSAccount", accountId: "999988887777", principalId: "AIDA" },
    });
    expect(alert.entities).toContainEqual(entity("account", "012345678901", "target"));
    expect(alert.entities).toContainEqual(entity("account", "999988887777", "actor"));
  });

  test("a service that calls is no address", () => {
    expect(of("RunInstances", "ec2", { sourceIPAddress: "autoscaling.amazonaws.com" }).entities).toEqual([
      entity("user", "ana", "actor"),
      entity("account", "012345678901", "target"),
    ]);
  });

  test("tags of an enriched event place it", () => {
    const eventContext = {
      tagContext: { resourceTags: [{ arn: "a", tags: { Stage: "dev", App: "shop" } }] },
    };
    expect(of("RunInstances", "ec2", { eventContext })).toMatchObject({
      environment: "dev",
      service: "shop",
    });
  });
});

describe("finding CloudTrail out", () => {
  const bare = record("CreateUser", "iam");
  const event = {
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.iam",
    account: "012345678901",
    detail: bare,
  };
  const note = (message: unknown) => ({
    Type: "Notification",
    TopicArn: "arn:aws:sns:eu-west-1:012345678901:trail",
    Message: JSON.stringify(message),
  });

  test.each([[bare], [{ Records: [bare, bare] }], [event], [note(event)], [note({ Records: [bare] })]])(
    "looks through the envelope of %#",
    (sent) => {
      expect(detectFormat(sent)).toBe("cloudtrail");
      expect(read("cloudtrail", sent)[0]?.alert?.rule).toBe("CreateUser");
    },
  );

  test("leaves events of a bucket alone, which look alike", () => {
    const object = { eventVersion: "2.1", eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: {} };
    expect(detectFormat({ Records: [object] })).toBeNull();
    expect(detectFormat({ Records: [] })).toBeNull();
  });

  test.each([
    [{ ...bare, eventName: undefined }, "eventName: is required in a CloudTrail record"],
    [{ ...bare, eventSource: undefined }, "eventSource: is required in a CloudTrail record"],
    [{ Records: [5] }, "detail: must be a CloudTrail record"],
    [note({ s3Bucket: "b", s3ObjectKey: ["k"] }), expect.stringContaining("send the file's records")],
    [
      { ...note(bare), Type: "SubscriptionConfirmation" },
      expect.stringContaining("SubscriptionConfirmation"),
    ],
    [7, "cloudtrail: must be an object"],
  ])("%# without what makes it one is rejected", (sent, message) => {
    expect(rejectOf(read("cloudtrail", sent))).toEqual({ code: "invalid_alert", message });
  });
});
