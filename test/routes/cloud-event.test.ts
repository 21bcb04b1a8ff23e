import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IntakeAnswer } from "../../shared/alert.ts";
import type { StoredAlert } from "../../shared/group.ts";
import type { Page } from "../../shared/queue.ts";
import {
  type Client,
  outcome,
  read,
  startTestServer,
  type TestServer,
  until,
} from "../support/test-server.ts";

let server: TestServer;
let ada: Client;
let detector: Client;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.client("ada");
  detector = await server.client("detector", { scopes: ["alerts:write"] });
});
afterAll(() => server.close());

const attributes = {
  specversion: "1.0",
  id: "e-1",
  source: "https://builds.example.com/shop",
  type: "com.example.build.failed",
  subject: "shop/höfe",
};
const inHeaders = {
  "Content-Type": "application/json",
  "ce-specversion": "1.0",
  "ce-id": "e-1",
  "ce-source": attributes.source,
  "ce-type": attributes.type,
  "ce-subject": "shop/h%C3%B6fe",
};
const data = { severity: "high", host: "ci-1" };

/** Sends a body and gives the alerts of its groups as they are kept. */
async function kept(path: string, headers: Record<string, string>, body: string): Promise<StoredAlert[]> {
  const sending = server.app.request(`/api/v1/${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${detector.token}`, Prefer: "wait=20", ...headers },
    body,
  });
  await until(async () => (server.backlog.alerts > 0 ? true : null));
  await server.triage();
  const { groups = [] } = await read<IntakeAnswer>(await sending);
  const lists = groups.map(({ group }) => ada.get(`/api/v1/groups/${group}/alerts`));
  const pages = await Promise.all(lists.map(async (answer) => read<Page<StoredAlert>>(await answer)));
  return pages.flatMap(({ items }) => items.slice(0, 1));
}

describe("a CloudEvent", () => {
  it("is the same structured, in a batch and in binary mode", async () => {
    const structured = { "Content-Type": "application/cloudevents+json" };
    const batch = { "Content-Type": "application/cloudevents-batch+json" };
    const event = JSON.stringify({ ...attributes, data });
    const ways = [
      await kept("ingest", structured, event),
      await kept("ingest/cloudevents", batch, `[${event}]`),
      await kept("ingest", inHeaders, JSON.stringify(data)),
      await kept("ingest/cloudevents", inHeaders, JSON.stringify(data)),
    ];
    for (const [alert] of ways) {
      expect(alert).toMatchObject({
        format: "cloudevents",
        source: attributes.source,
        rule: attributes.type,
        title: `${attributes.type}: shop/höfe`,
        severity: "high",
      });
    }
    expect(ways.map(([alert]) => alert?.group)).toEqual(ways.map(() => ways[0]?.[0]?.group));
  });
});

describe("an event in binary mode", () => {
  it("keeps its headers, so that reading its bytes again gives the same", async () => {
    const [alert] = await kept("ingest", { ...inHeaders, "ce-subject": "again" }, JSON.stringify(data));
    const shown = await ada.get(`/api/v1/alerts/${alert?.id}`);
    expect(await read<StoredAlert>(shown)).toMatchObject({
      rule: attributes.type,
      title: `${attributes.type}: again`,
    });
    const original = await ada.get(`/api/v1/alerts/${alert?.id}/original`);
    expect(await original.text()).toBe(JSON.stringify(data));
  });

  it("may hold plain text", async () => {
    const headers = { ...inHeaders, "Content-Type": "text/plain", "ce-subject": "text" };
    const [alert] = await kept("ingest", headers, "first line\nsecond line");
    expect(alert).toMatchObject({
      title: `${attributes.type}: text`,
      description: "first line\nsecond line",
    });
  });

  it("is no event where another format is named", async () => {
    const alert = { source: "edge", rule: "r1", title: "Plain", severity: "low" };
    const [found] = await kept("alerts", inHeaders, JSON.stringify(alert));
    expect(found).toMatchObject({ format: "alert", source: "edge" });
  });
});

describe("the handshake of the webhook profile", () => {
  const ask = (headers: Record<string, string>) =>
    server.app.request("/api/v1/ingest/cloudevents", { method: "OPTIONS", headers });

  it("is answered without a credential", async () => {
    const answer = await ask({
      "WebHook-Request-Origin": "events.example.com",
      "WebHook-Request-Rate": "120",
    });
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      allow: "OPTIONS, POST",
      "webhook-allowed-origin": "*",
      "webhook-allowed-rate": "*",
    });
  });

  it("promises nothing to who does not ask", async () => {
    expect((await ask({})).headers.has("WebHook-Allowed-Origin")).toBe(false);
  });

  it("lets nothing in without a token", async () => {
    const body = JSON.stringify({ ...attributes, data });
    const sent = await server.app.request("/api/v1/ingest/cloudevents", { method: "POST", body });
    expect(await outcome(sent)).toBe("401 unauthenticated");
  });
});
