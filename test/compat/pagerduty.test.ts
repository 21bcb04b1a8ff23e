import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Item } from "../../shared/group.ts";
import { type Client, read, startTestServer, type TestServer } from "../support/test-server.ts";
import { timelineOf, untilTriaged, whateverItems } from "./native-client.ts";

let server: TestServer;
let monitor: Client;
let responder: Client;

beforeAll(async () => {
  server = await startTestServer({ mostBacklog: 10_000 });
  monitor = await server.client("monitor", { scopes: ["alerts:write"] });
  responder = await server.client("responder", { scopes: ["alerts:write", "queue:act"] });
});

afterAll(() => server.close());

type Event = Record<string, unknown>;

/** As PagerDuty's own clients send it: no header but the content type. */
const send = (path: string, body: unknown) =>
  untilTriaged(
    server,
    server.app.request(`/compat/pagerduty${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );

const enqueue = (event: Event, client = monitor) =>
  send("/v2/enqueue", { routing_key: client.token, ...event });
const about = (dedup_key: string, severity = "warning") => ({
  event_action: "trigger",
  dedup_key,
  payload: { summary: `${dedup_key} fails`, source: "web-1.example.com", severity },
});

async function itemOf(key: string): Promise<Item> {
  const found = (await whateverItems(server)).filter((item) => item.title.startsWith(`${key} `));
  const [item] = found;
  if (item === undefined || found.length > 1) throw new Error(`${found.length} groups of ${key}`);
  return item;
}

describe("POST /v2/enqueue of the PagerDuty stand-in", () => {
  it("takes a trigger and answers as PagerDuty does", async () => {
    const answer = await enqueue(about("disk", "critical"));
    expect([answer.status, await answer.json()]).toEqual([
      202,
      { status: "success", message: "Event processed", dedup_key: "disk" },
    ]);
    expect(await itemOf("disk")).toMatchObject({ source: "pagerduty", severity: "critical", count: 1 });
    await enqueue(about("disk", "critical"));
    expect(await itemOf("disk")).toMatchObject({ count: 2, status: "open", cleared: false });
  });

  it("makes a key where the sender gives none, by which it can be resolved", async () => {
    const payload = { summary: "made fails", source: "web-2", severity: "info", class: "made" };
    const { dedup_key } = await read<{ dedup_key: string }>(
      await enqueue({ event_action: "trigger", payload }),
    );
    expect(dedup_key).toMatch(/^[0-9a-f]{32}$/);
    await enqueue({ event_action: "resolve", dedup_key });
    expect(await itemOf("made")).toMatchObject({ cleared: true, count: 2 });
  });

  it("resolves through the log, keeps the description, and a new trigger begins an episode", async () => {
    await enqueue(about("queue"));
    expect((await enqueue({ event_action: "resolve", dedup_key: "queue" })).status).toBe(202);
    const resolved = await itemOf("queue");
    expect(resolved).toMatchObject({
      status: "resolved",
      cleared: true,
      verdict: null,
      title: "queue fails",
    });
    expect(resolved).toMatchObject({ severity: "medium", count: 2, occurrences: 1 });
    await enqueue(about("queue"));
    expect(await itemOf("queue")).toMatchObject({ status: "open", cleared: false, episode: 2, count: 3 });
  });

  it("drops what nothing fires for, in silence", async () => {
    const before = (await whateverItems(server)).length;
    for (const event_action of ["resolve", "acknowledge"]) {
      const answer = await enqueue({ event_action, dedup_key: "never" }, responder);
      expect([answer.status, (await read<Event>(answer)).dedup_key]).toEqual([202, "never"]);
    }
    await enqueue(about("once"));
    for (let i = 0; i < 3; i += 1) await enqueue({ event_action: "resolve", dedup_key: "once" });
    expect(await itemOf("once")).toMatchObject({ count: 2 });
    expect((await whateverItems(server)).length).toBe(before + 1);
  });

  it("acknowledges what was triggered right before, as the token's actor, audited, once", async () => {
    const trigger = server.app.request("/compat/pagerduty/v2/enqueue", {
      method: "POST",
      body: JSON.stringify({ routing_key: responder.token, ...about("ack", "error") }),
    });
    expect((await trigger).status).toBe(202);
    // Nothing triaged it yet.
    const answer = await enqueue({ event_action: "acknowledge", dedup_key: "ack" }, responder);
    expect(answer.status).toBe(202);
    const item = await itemOf("ack");
    expect(item).toMatchObject({ status: "acknowledged", acknowledgedBy: "responder", severity: "high" });
    expect((await enqueue({ event_action: "acknowledge", dedup_key: "ack" }, responder)).status).toBe(202);
    const acknowledged = (await timelineOf(server, item.id)).filter(({ event }) => event === "acknowledge");
    expect(acknowledged.map(({ actor }) => actor)).toEqual(["responder"]);
    const { rows } = await server.store.pool.query(
      "select actor_name from audit where item_id = $1 and verb = 'acknowledge'",
      [item.id],
    );
    expect(rows).toEqual([{ actor_name: "responder" }]);
  });

  it("lets nobody acknowledge who may only send, nor beyond their reach", async () => {
    await enqueue({
      ...about("reach"),
      payload: { ...about("reach").payload, custom_details: { env: "prod" } },
    });
    const answer = await enqueue({ event_action: "acknowledge", dedup_key: "reach" });
    expect([answer.status, (await read<Event>(answer)).errors]).toEqual([
      403,
      ["this needs the scope queue:act"],
    ]);
    const scopes = ["alerts:write", "queue:act"] as const;
    const stranger = await server.client("stranger", { scopes: [...scopes], environments: ["test"] });
    expect((await enqueue({ event_action: "acknowledge", dedup_key: "reach" }, stranger)).status).toBe(202);
    expect(await itemOf("reach")).toMatchObject({ status: "open", acknowledgedBy: null });
  });

  it("keeps no key, in the original, in the answer or in the log", async () => {
    const sent = JSON.stringify({ routing_key: monitor.token, ...about("secret") }, null, 1);
    await send("/v2/enqueue", sent);
    const bearer = await monitor.post("/api/v1/ingest/pagerduty", sent);
    const detected = await monitor.post("/api/v1/ingest", sent);
    expect([bearer.status, detected.status]).toEqual([202, 202]);
    await server.triage();
    const { id, count } = await itemOf("secret");
    expect(count).toBe(3);
    const { items } = await read<{ items: { original: string }[] }>(
      await server.admin.get(`/api/v1/groups/${id}/alerts`),
    );
    const note = '"(a key that Quietwatch did not keep)"';
    for (const { original } of items) {
      expect(original).toBe(sent.replace(`"${monitor.token}"`, note));
    }
    expect(JSON.stringify(server.logged)).not.toContain(monitor.token);
  });

  const error = async (body: unknown) => {
    const answer = await send("/v2/enqueue", body);
    return [answer.status, await answer.json()];
  };
  const invalid = (...errors: string[]) => [
    400,
    { status: "invalid event", message: "Event object is invalid", errors },
  ];

  it("says what is wrong in PagerDuty's words", async () => {
    const routing_key = monitor.token;
    const unread = { status: "Unrecognized object", message: "Event object format is unrecognized" };
    for (const body of ["{", "[]", '"x"', `{"routing_key":"${monitor.token}"`]) {
      expect(await error(body)).toEqual([
        400,
        {
          ...unread,
          errors: [
            "JSON parse error",
            expect.stringMatching(/^the body is not (?:one JSON object|valid JSON: line 1, column \d+: )/),
          ],
        },
      ]);
    }
    expect(await error({ ...about("a") })).toEqual(invalid("Invalid routing key"));
    expect(await error({ routing_key: "0".repeat(32), ...about("a") })).toEqual(
      invalid("Invalid routing key"),
    );
    expect(await error({ routing_key })).toEqual(invalid("'event_action' is missing or blank"));
    expect(await error({ routing_key, event_action: "close" })).toEqual(
      invalid(
        "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
      ),
    );
    expect(await error({ routing_key, event_action: "resolve" })).toEqual(
      invalid("'dedup_key' is missing or blank"),
    );
    expect(await error({ routing_key, event_action: "trigger" })).toEqual(
      invalid("'payload' is missing or blank"),
    );
    expect(await error({ routing_key, event_action: "trigger", payload: { severity: "bad" } })).toEqual(
      invalid(
        "'payload.summary' is missing or blank",
        "'payload.source' is missing or blank",
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
      ),
    );
  });

  it("asks to send again when the backlog is full", async () => {
    server.backlog.add(12_500);
    const answer = await enqueue(about("late"));
    await server.backlog.refresh();
    expect([answer.status, Number(answer.headers.get("Retry-After")) > 0]).toEqual([503, true]);
    expect(await read<Event>(answer)).toMatchObject({ status: "overloaded" });
  });

  it("asks to send a resolve again while triage is behind, rather than to drop it", async () => {
    const post = (event: Event) =>
      server.app.request("/compat/pagerduty/v2/enqueue", {
        method: "POST",
        body: JSON.stringify({ routing_key: monitor.token, ...event }),
      });
    await post(about("behind"));
    const answer = await post({ event_action: "resolve", dedup_key: "behind" });
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "5"]);
    await enqueue({ event_action: "resolve", dedup_key: "behind" });
    expect(await itemOf("behind")).toMatchObject({ cleared: true, count: 2 });
  });
});

describe("POST /v2/change/enqueue of the PagerDuty stand-in", () => {
  it("announces a change", async () => {
    const custom_details = { environment: "production", service: "shop", build: 220 };
    const links = [{ href: "https://ci.example.com/220", text: "Build" }, { href: "javascript:alert(1)" }];
    const timestamp = "2026-03-02T08:00:00.000+0000";
    const payload = { summary: "Release 4.2", timestamp, source: "ci.example.com", custom_details };
    const answer = await send("/v2/change/enqueue", { routing_key: monitor.token, payload, links });
    expect([answer.status, await answer.json()]).toEqual([
      202,
      { status: "success", message: "Change event processed" },
    ]);
    const { items } = await read<{ items: unknown[] }>(await server.admin.get("/api/v1/changes"));
    expect(items).toMatchObject([
      {
        title: "Release 4.2",
        environment: "production",
        service: "shop",
        source: "ci.example.com",
        startsAt: "2026-03-02T08:00:00.000Z",
        endsAt: "2026-03-02T09:00:00.000Z",
        links: [{ href: "https://ci.example.com/220", text: "Build" }],
        details: { environment: "production", service: "shop", build: "220" },
        announcedBy: "monitor",
      },
    ]);
    expect(JSON.stringify(items)).not.toContain(monitor.token);
  });

  it("says what is missing", async () => {
    const answer = await send("/v2/change/enqueue", { routing_key: monitor.token, payload: {} });
    expect([answer.status, (await read<Event>(answer)).errors]).toEqual([
      400,
      ["'payload.summary' is missing or blank"],
    ]);
  });
});
