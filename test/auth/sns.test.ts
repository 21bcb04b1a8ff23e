import { sign } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { IntakeAnswer } from "../../shared/alert.ts";
import { defaultPolicy } from "../../shared/policy.ts";
import { selfSigned } from "../support/self-signed.ts";
import {
  emptyStore,
  errorOf,
  outcome,
  read,
  startOfTime,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

const topic = "arn:aws:sns:eu-west-1:111122223333:guardduty-findings";
const host = "https://sns.eu-west-1.amazonaws.com";
const own = selfSigned();
const foreign = selfSigned();
const certificates = new Map([
  ["/SimpleNotificationService-own.pem", own.pem],
  ["/SimpleNotificationService-weak.pem", selfSigned(1_024).pem],
  ["/SimpleNotificationService-none.pem", "<html>not here</html>"],
  ["/SimpleNotificationService-huge.pem", "x".repeat(1_000_000)],
]);

let asked: string[] = [];
/** Stands for SNS: certificates and the confirmation of subscriptions. */
const amazon: typeof fetch = async (input) => {
  const url = new URL(String(input instanceof Request ? input.url : input));
  asked.push(url.href);
  if (url.searchParams.get("Action") === "ConfirmSubscription") return new Response("<ok/>");
  const pem = certificates.get(url.pathname);
  return pem === undefined ? new Response("no", { status: 404 }) : new Response(pem);
};

let server: TestServer;
let hook = "";
beforeAll(async () => {
  server = await startTestServer({ fetch: amazon });
  const intake = { ...defaultPolicy.intake, sns: { topics: ["arn:aws:sns:*:111122223333:guardduty-*"] } };
  server.setPolicy({ ...defaultPolicy, intake });
  hook = (await server.client("a webhook", { scopes: ["alerts:write"] })).token;
});
afterAll(() => server.close());
beforeEach(async () => {
  asked = [];
  server.logged.length = 0;
  await emptyStore(server.store);
});

const finding = {
  schemaVersion: "2.0",
  accountId: "111122223333",
  region: "eu-west-1",
  id: "f1",
  arn: "arn:aws:guardduty:eu-west-1:111122223333:detector/d1/finding/f1",
  type: "Recon:EC2/PortProbeUnprotectedPort",
  severity: 5,
  title: "A port is probed",
  createdAt: "2026-03-02T08:59:00Z",
  updatedAt: "2026-03-02T08:59:00Z",
  resource: { resourceType: "Instance", instanceDetails: { instanceId: "i-0a1b2c" } },
  service: { count: 1, action: { actionType: "PORT_PROBE" } },
};
const event = {
  version: "0",
  id: "e1",
  "detail-type": "GuardDuty Finding",
  source: "aws.guardduty",
  account: "111122223333",
  time: "2026-03-02T08:59:30Z",
  region: "eu-west-1",
  detail: finding,
};

let sent = 0;
type Message = Record<string, string>;

function notification(change: Message = {}): Message {
  sent += 1;
  return {
    Type: "Notification",
    MessageId: `message-${sent}`,
    TopicArn: topic,
    Subject: "GuardDuty",
    Message: JSON.stringify(event),
    Timestamp: new Date(startOfTime - 60_000).toISOString(),
    SignatureVersion: "2",
    SigningCertURL: `${host}/SimpleNotificationService-own.pem`,
    ...change,
  };
}

function confirmation(change: Message = {}): Message {
  const query = `Action=ConfirmSubscription&TopicArn=${topic}&Token=t1`;
  const { Subject: _, ...rest } = notification({ Type: "SubscriptionConfirmation", Message: "Confirm?" });
  return { ...rest, Token: "t1", SubscribeURL: `${host}/?${query}`, ...change };
}

/** The manual's order, written out here once more. */
const order: Record<string, string[]> = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: [
    "Message",
    "MessageId",
    "SubscribeURL",
    "Timestamp",
    "Token",
    "TopicArn",
    "Type",
  ],
};

function signed(message: Message, { privateKey } = own): Message {
  const names = order[message.Type ?? ""] ?? order.SubscriptionConfirmation ?? [];
  const text = names.flatMap((name) => (name in message ? [`${name}\n${message[name]}\n`] : [])).join("");
  const algorithm = message.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256";
  return { ...message, Signature: sign(algorithm, Buffer.from(text), privateKey).toString("base64") };
}

interface Sending {
  path?: string;
  headers?: Record<string, string>;
}

function deliver(message: unknown, { path = "/api/v1/ingest/guardduty", headers = {} }: Sending = {}) {
  const type =
    message !== null && typeof message === "object" && "Type" in message
      ? String(message.Type)
      : "Notification";
  const said = { "x-amz-sns-message-type": type, "Content-Type": "text/plain; charset=UTF-8", ...headers };
  const body = JSON.stringify(message);
  return Promise.resolve(server.app.request(path, { method: "POST", headers: said, body }));
}

const logged = () =>
  server.logged
    .filter(({ type }) => type.startsWith("intake.sns."))
    .map(({ type, fields }) => `${type}: ${fields.reason ?? fields.topic}`);
async function stored(): Promise<number> {
  const { rows } = await server.store.pool.query("select coalesce(sum(alerts), 0)::int as n from alert_log");
  return Number(rows[0]?.n);
}

describe("a notification of an allowed topic", () => {
  it.each([
    ["/api/v1/ingest/guardduty", "1"],
    ["/api/v1/ingest/guardduty", "2"],
    ["/api/v1/ingest", "2"],
    ["/hooks/{token}/guardduty", "1"],
    ["/hooks/{token}", "2"],
  ])("is taken at %s with signature version %s", async (path, version) => {
    const message = signed(notification({ SignatureVersion: version }));
    const answer = await deliver(message, { path: path.replace("{token}", hook) });
    expect(answer.status).toBe(202);
    expect(await read<IntakeAnswer>(answer)).toMatchObject({ accepted: 1, rejected: [] });
    await server.triage();
    const { rows } = await server.store.pool.query("select source, rule from item");
    expect(rows).toEqual([{ source: "guardduty", rule: finding.type }]);
  });

  it("needs no Subject", async () => {
    const { Subject: _, ...message } = notification();
    expect(await outcome(await deliver(signed(message)))).toBe("202");
  });

  it("is counted once however often SNS delivers it", async () => {
    const message = signed(notification());
    const first = await read(await deliver(message));
    expect(await read(await deliver(message))).toEqual(first);
    expect(await stored()).toBe(1);
  });

  it("costs one look at the certificate for many messages", async () => {
    const own = await startTestServer({ fetch: amazon });
    own.setPolicy(server.deps.policy());
    for (let i = 0; i < 3; i += 1) {
      const headers = { "x-amz-sns-message-type": "Notification" };
      const body = JSON.stringify(signed(notification()));
      expect((await own.app.request("/api/v1/ingest", { method: "POST", headers, body })).status).toBe(202);
    }
    expect(asked).toEqual([`${host}/SimpleNotificationService-own.pem`]);
    await own.close();
  });

  it("keeps the original as it came", async () => {
    const message = signed(notification());
    await deliver(message);
    await server.triage();
    const { rows } = await server.store.pool.query("select id from item");
    const alerts = await read<{ items: { original: string }[] }>(
      await server.admin.get(`/api/v1/items/${rows[0]?.id}/alerts`),
    );
    expect(alerts.items[0]?.original).toBe(JSON.stringify(message));
  });
});

describe("what may not be what it says is refused, logged, and not stored", () => {
  const old = new Date(startOfTime - 2 * 3_600_000).toISOString();
  const cases: [string, () => Message, RegExp][] = [
    ["another's key", () => signed(notification(), foreign), /signature is not valid/],
    ["another text", () => ({ ...signed(notification()), Message: "{}" }), /signature is not valid/],
    ["another subject", () => ({ ...signed(notification()), Subject: "else" }), /signature is not valid/],
    ["a signature that is none", () => ({ ...notification(), Signature: "!" }), /signature is not valid/],
    [
      "the other hash",
      () => ({ ...signed(notification()), SignatureVersion: "1" }),
      /signature is not valid/,
    ],
    [
      "an unknown version",
      () => ({ ...signed(notification()), SignatureVersion: "3" }),
      /not a message as SNS/,
    ],
    ["a time long ago", () => signed(notification({ Timestamp: old })), /Timestamp/],
    ["a time to come", () => signed(notification({ Timestamp: "2026-03-02T10:00:00Z" })), /Timestamp/],
    [
      "a topic nobody allowed",
      () => signed(notification({ TopicArn: "arn:aws:sns:eu-west-1:111122223333:billing" })),
      /does not name this SNS topic/,
    ],
    [
      "the topic of another account",
      () => signed(notification({ TopicArn: "arn:aws:sns:eu-west-1:999988887777:guardduty-findings" })),
      /does not name this SNS topic/,
    ],
    ...[
      "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-own.pem",
      "https://sns.eu-west-1.amazonaws.com.example.com/SimpleNotificationService-own.pem",
      "https://sns.eu-west-1.amazonaws.com@example.com/SimpleNotificationService-own.pem",
      "https://bucket.s3.amazonaws.com/SimpleNotificationService-own.pem",
      "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-own.pem",
      "https://sns.eu-west-1.amazonaws.com/?Action=x.pem",
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-own.pem?x=1",
      "file:///etc/SimpleNotificationService-own.pem",
    ].map((url): [string, () => Message, RegExp] => [
      `the certificate ${url}`,
      () => signed(notification({ SigningCertURL: url })),
      /SigningCertURL/,
    ]),
  ];
  it.each(cases)("%s", async (_what, make, reason) => {
    const answer = await deliver(make());
    expect(await outcome(answer.clone())).toBe("403 not_allowed");
    expect((await errorOf(answer)).message).toMatch(reason);
    expect(logged()).toEqual([expect.stringMatching(/^intake\.sns\.refused: /)]);
    expect(await stored()).toBe(0);
  });

  it("without asking anybody when the message itself shows it", async () => {
    await deliver(signed(notification({ Timestamp: old })));
    await deliver(signed(notification({ TopicArn: "arn:aws:sns:eu-west-1:111122223333:billing" })));
    await deliver(signed(notification({ SigningCertURL: "https://example.com/a.pem" })));
    expect(asked).toEqual([]);
  });

  it("a raw delivery, which nobody signed", async () => {
    const headers = { "x-amz-sns-rawdelivery": "true" };
    for (const path of ["/api/v1/ingest/guardduty", `/hooks/${hook}/guardduty`]) {
      const answer = await deliver(event, { path, headers });
      expect((await errorOf(answer)).message).toMatch(/turn raw message delivery off/);
      expect(answer.status).toBe(403);
    }
    expect(await stored()).toBe(0);
  });

  it("a forged message beside a valid token, also without the headers of SNS", async () => {
    const forged = JSON.stringify(signed(notification(), foreign));
    for (const path of ["/api/v1/ingest/guardduty", "/api/v1/ingest"]) {
      expect(await outcome(await server.admin.post(path, forged))).toBe("403 not_allowed");
    }
    expect(await outcome(await deliver(signed(notification(), foreign), { path: `/hooks/${hook}` }))).toBe(
      "403 not_allowed",
    );
    expect(await stored()).toBe(0);
  });

  it("what is no message of SNS though its headers say so", async () => {
    for (const body of [event, [signed(notification())], "text", null]) {
      expect(await outcome(await deliver(body))).toBe("403 not_allowed");
    }
  });

  it("a certificate with a key that is too short, or that is none", async () => {
    const weak = notification({ SigningCertURL: `${host}/SimpleNotificationService-weak.pem` });
    expect((await errorOf(await deliver(signed(weak)))).message).toMatch(/at least 2048 bits/);
    const none = notification({ SigningCertURL: `${host}/SimpleNotificationService-none.pem` });
    expect((await errorOf(await deliver(signed(none)))).message).toMatch(/no certificate/);
  });

  it("but a certificate that cannot be had now is a reason to send again, and not asked for at once", async () => {
    for (const name of ["missing", "huge"]) {
      const message = signed(
        notification({ SigningCertURL: `${host}/SimpleNotificationService-${name}.pem` }),
      );
      const answer = await deliver(message);
      expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "10"]);
      expect((await deliver(message)).status).toBe(503);
    }
    expect(asked.length).toBe(2);
  });

  it("a certificate whose time is over", async () => {
    const late = await startTestServer({ fetch: amazon });
    late.setPolicy(server.deps.policy());
    late.pass(3 * 365 * 86_400_000);
    const message = signed(notification({ Timestamp: new Date(late.now()).toISOString() }));
    const headers = { "x-amz-sns-message-type": "Notification" };
    const answer = await late.app.request("/api/v1/ingest", {
      method: "POST",
      headers,
      body: JSON.stringify(message),
    });
    expect((await errorOf(answer)).message).toMatch(/not valid today/);
    await late.close();
  });
});

describe("a subscription", () => {
  const confirmed = () => asked.filter((url) => url.includes("ConfirmSubscription"));

  it.each(["/api/v1/ingest/guardduty", "/api/v1/ingest", "/hooks/{token}/guardduty"])(
    "of an allowed topic is confirmed at %s",
    async (path) => {
      const answer = await deliver(signed(confirmation()), { path: path.replace("{token}", hook) });
      expect(answer.status).toBe(202);
      expect(await read<IntakeAnswer>(answer)).toMatchObject({ accepted: 0, rejected: [] });
      expect(confirmed()).toEqual([`${host}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=t1`]);
      expect(logged()).toEqual([`intake.sns.confirmed: ${topic}`]);
    },
  );

  const billing = "arn:aws:sns:eu-west-1:111122223333:billing";
  it.each([
    ["of another topic", () => signed(confirmation({ TopicArn: billing }))],
    ["that others signed", () => signed(confirmation(), foreign)],
    [
      "at another host",
      () =>
        signed(
          confirmation({ SubscribeURL: `https://example.com/?Action=ConfirmSubscription&TopicArn=${topic}` }),
        ),
    ],
    [
      "that asks for something else",
      () => signed(confirmation({ SubscribeURL: `${host}/?Action=Publish&TopicArn=${topic}` })),
    ],
    [
      "for a topic it does not name",
      () => signed(confirmation({ SubscribeURL: `${host}/?Action=ConfirmSubscription&TopicArn=${billing}` })),
    ],
    ["without an address", () => signed(confirmation({ SubscribeURL: "" }))],
  ])("%s is not", async (_what, make) => {
    expect(await outcome(await deliver(make()))).toBe("403 not_allowed");
    expect(confirmed()).toEqual([]);
  });

  it("that ends is only noted", async () => {
    expect((await deliver(signed(confirmation({ Type: "UnsubscribeConfirmation" })))).status).toBe(202);
    expect(confirmed()).toEqual([]);
    expect(logged()).toEqual([`intake.sns.unsubscribed: ${topic}`]);
  });
});
