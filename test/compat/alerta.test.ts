import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Item } from "../../shared/group.ts";
import { bearer, type Client, read, startTestServer, type TestServer } from "../support/test-server.ts";
import { untilTriaged, whateverItems } from "./native-client.ts";

let server: TestServer;
let probe: Client;
let ada: Client;

beforeAll(async () => {
  server = await startTestServer({ mostBacklog: 10_000 });
  probe = await server.client("probe", { scopes: ["alerts:write"] });
  ada = await server.client("ada");
});

afterAll(() => server.close());

type Body = Record<string, unknown>;
type Headers = Record<string, string>;

const request = (method: string, path: string, headers: Headers, body?: unknown) =>
  untilTriaged(
    server,
    server.app.request(`/compat/alerta/api${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );

const key = ({ token }: Client) => ({ Authorization: `Key ${token}` });

/** Every field, as Alerta's own client sends it. */
const alert = (fields: Body = {}): Body => ({
  id: null,
  resource: "router-7",
  event: "LinkDown",
  environment: "Production",
  severity: "warning",
  correlate: ["LinkDown", "LinkUp"],
  service: ["Backbone"],
  group: null,
  value: "0/2",
  text: "Both uplinks are down",
  tags: ["site=north", "core"],
  attributes: { region: "north" },
  origin: null,
  type: null,
  createTime: "2026-03-02T08:59:59.000Z",
  timeout: null,
  rawData: null,
  customer: null,
  ...fields,
});

interface Taken {
  status: string;
  id: string;
  alert: Body;
}

const send = async (fields: Body = {}) =>
  read<Taken>(await request("POST", "/alert", key(probe), alert(fields)));

async function itemOf(id: string): Promise<Item> {
  const item = (await whateverItems(server)).find((one) => one.id === id);
  if (item === undefined) throw new Error(`no group ${id}`);
  return item;
}

describe("POST /api/alert of the Alerta stand-in", () => {
  it("answers with the alert as Alerta serializes it, and counts duplicates", async () => {
    const answer = await request("POST", "/alert", key(probe), alert());
    expect(answer.status).toBe(201);
    const { status, id, alert: shown } = await read<Taken>(answer);
    expect(status).toBe("ok");
    expect(shown).toMatchObject({
      id,
      resource: "router-7",
      event: "LinkDown",
      environment: "Production",
      severity: "warning",
      status: "open",
      service: ["Backbone"],
      tags: ["site=north", "core"],
      attributes: { region: "north" },
      createTime: "2026-03-02T08:59:59.000Z",
      receiveTime: "2026-03-02T09:00:00.000Z",
      duplicateCount: 0,
      repeat: false,
    });
    expect((await send({ severity: "major" })).alert).toMatchObject({ id, duplicateCount: 1, repeat: true });
    expect(await itemOf(id)).toMatchObject({
      source: "alerta",
      rule: "LinkDown",
      count: 2,
      severity: "high",
    });
  });

  it("closes what a normal severity correlates with, and opens it again", async () => {
    const names = { resource: "router-8", severity: "minor" };
    const { id } = await send(names);
    await send({ ...names, event: "LinkUp", severity: "normal" });
    expect(await itemOf(id)).toMatchObject({ status: "resolved", cleared: true, rule: "LinkDown" });
    expect((await send(names)).id).toBe(id);
    expect(await itemOf(id)).toMatchObject({ status: "open", episode: 2 });
  });

  it.each([
    ["Authorization: Key", (token: string): [string, Headers] => ["", { Authorization: `Key ${token}` }]],
    ["X-API-Key", (token: string): [string, Headers] => ["", { "X-API-Key": token }]],
    ["?api-key", (token: string): [string, Headers] => [`?api-key=${token}`, {}]],
    ["a bearer token", (token: string): [string, Headers] => ["", bearer(token)]],
    [
      "a password",
      (token: string): [string, Headers] => [
        "",
        { Authorization: `Basic ${Buffer.from(`probe:${token}`).toString("base64")}` },
      ],
    ],
  ])("takes a token as %s, and logs it nowhere", async (_way, carry) => {
    const [query, headers] = carry(probe.token);
    expect((await request("POST", `/alert${query}`, headers, alert())).status).toBe(201);
    const [wrongQuery, wrong] = carry(`qw_api_${"x".repeat(43)}`);
    expect((await request("POST", `/alert${wrongQuery}`, wrong, alert())).status).toBe(401);
    expect(JSON.stringify(server.logged)).not.toContain(probe.token);
  });

  it("says that an alert is not listed yet while triage is behind", async () => {
    const answer = await server.app.request("/compat/alerta/api/alert", {
      method: "POST",
      headers: key(probe),
      body: JSON.stringify(alert({ resource: "router-9" })),
    });
    expect(answer.status).toBe(202);
    const { id, message } = await read<{ id: string; message: string }>(answer);
    expect(message).toBe("accepted, and not listed yet");
    await server.triage();
    const shown = await read<Taken>(await request("GET", `/alert/${id}`, bearer(ada.token)));
    expect(shown.alert).toMatchObject({ resource: "router-9", status: "open" });
  });

  it("says what is wrong as Alerta does", async () => {
    const say = async (body: unknown, headers: Headers = key(probe)) => {
      const answer = await request("POST", "/alert", headers, body);
      const { requestId, ...rest } = await read<Body>(answer);
      expect(typeof requestId).toBe("string");
      return rest;
    };
    const told = (code: number, message: string) => ({ status: "error", message, code, errors: null });
    expect(await say({ event: "e" })).toMatchObject({ code: 400, message: "resource: is required" });
    expect(await say({ resource: "r" })).toMatchObject({ code: 400, message: "event: is required" });
    expect(await say("{")).toMatchObject({ status: "error", code: 400 });
    expect(await say("[]")).toEqual(told(400, "the body is not one JSON object"));
    expect(await say(alert(), {})).toMatchObject({ status: "error", code: 401 });
    expect(await say(alert(), key(ada))).toEqual(told(403, "this needs the scope alerts:write"));
  });

  it("asks to send again when the backlog is full", async () => {
    server.backlog.add(12_500);
    const answer = await request("POST", "/alert", key(probe), alert());
    await server.backlog.refresh();
    expect([answer.status, Number(answer.headers.get("Retry-After")) > 0]).toEqual([503, true]);
  });
});

describe("one alert of the Alerta stand-in", () => {
  it("is shown by its id, whichever format it came in", async () => {
    const { id } = await send({ resource: "router-1" });
    const { alert: shown } = await read<Taken>(await request("GET", `/alert/${id}`, key(ada)));
    expect(shown).toMatchObject({
      id,
      resource: "router-1",
      event: "LinkDown",
      severity: "warning",
      status: "open",
      tags: ["site=north", "core"],
      attributes: { region: "north" },
      value: "0/2",
      text: "Both uplinks are down",
    });
    const [other = ""] = await server.send({ source: "backup", rule: "late", title: "Late" });
    const foreign = await read<Taken>(await request("GET", `/alert/${other}`, key(ada)));
    expect(foreign.alert).toMatchObject({ event: "late", origin: "backup" });
    for (const absent of ["0195c1a2-7b3c-7d4e-8f50-9a6b7c8d9e0f", "none"]) {
      expect((await request("GET", `/alert/${absent}`, key(ada))).status).toBe(404);
    }
  });

  it("takes the statuses that are our actions, by whoever's token it is", async () => {
    const { id } = await send({ resource: "router-2" });
    const set = (status: string, more: Body = {}) =>
      request("PUT", `/alert/${id}/status`, key(ada), { status, text: "", timeout: null, ...more });
    expect(await read(await set("ack", { text: "I look" }))).toEqual({ status: "ok" });
    expect(await itemOf(id)).toMatchObject({ status: "acknowledged", acknowledgedBy: "ada", noteCount: 1 });
    expect((await set("ack")).status).toBe(200);
    const shown = await read<Taken>(await request("GET", `/alert/${id}`, key(ada)));
    expect(shown.alert.status).toBe("ack");
    await set("shelved", { timeout: 60 });
    expect(await itemOf(id)).toMatchObject({ status: "snoozed", snoozedUntil: "2026-03-02T09:01:00.000Z" });
    await set("closed");
    expect(await itemOf(id)).toMatchObject({ status: "resolved", verdict: "undetermined" });
    await set("open");
    expect(await itemOf(id)).toMatchObject({ status: "open" });
    for (const status of ["expired", "blackout", "unknown", ""]) expect((await set(status)).status).toBe(400);
    expect((await request("PUT", `/alert/${id}/status`, key(probe), { status: "ack" })).status).toBe(403);
  });

  it("takes the actions of the command line, each once", async () => {
    const { id } = await send({ resource: "router-3" });
    const act = async (action: string) =>
      (await request("PUT", `/alert/${id}/action`, key(ada), { action, text: "", timeout: null })).status;
    const steps = ["ack", "ack", "unack", "shelve", "unshelve", "close", "open", "shout"];
    const statuses: number[] = [];
    for (const step of steps) statuses.push(await act(step));
    expect(statuses).toEqual([200, 409, 200, 200, 200, 200, 200, 400]);
  });
});

describe("heartbeats of the Alerta stand-in", () => {
  const beat = (body: Body) => request("POST", "/heartbeat", key(probe), body);

  it("are kept and listed, late ones as expired", async () => {
    const attributes = { environment: "Production", service: ["Backbone"] };
    const sent = {
      origin: "snmp/one",
      tags: ["a"],
      timeout: 60,
      attributes,
      createTime: "2026-03-02T09:00:00.000Z",
    };
    const answer = await beat(sent);
    expect(answer.status).toBe(201);
    expect(await read<Body>(answer)).toMatchObject({
      status: "ok",
      heartbeat: {
        origin: "snmp/one",
        tags: ["a"],
        timeout: 60,
        type: "Heartbeat",
        status: "ok",
        attributes,
      },
    });
    await beat({ origin: "snmp/two", tags: [], timeout: null });
    server.pass(61_000);
    const listed = await read<{ heartbeats: Body[]; total: number }>(
      await request("GET", "/heartbeats", key(ada)),
    );
    expect(listed.total).toBe(2);
    expect(
      listed.heartbeats.map(({ origin, status, timeout, since }) => [origin, status, timeout, since]),
    ).toEqual([
      ["snmp/one", "expired", 60, 61],
      ["snmp/two", "ok", 86_400, 61],
    ]);
  });

  it("are refused as there", async () => {
    const say = async (body: Body) => read<Body>(await beat(body));
    expect(await say({ origin: "x", tags: "a" })).toMatchObject({
      code: 400,
      message: "tags must be a list",
    });
    expect(await say({ origin: "x", timeout: "5" })).toMatchObject({ message: "timeout must be an integer" });
    expect(await say({})).toMatchObject({ code: 400 });
  });
});

it("the command line gets its configuration before it signs in", async () => {
  const answer = await request("GET", "/config", {});
  expect(answer.status).toBe(200);
  expect(await read<Body>(answer)).toMatchObject({
    auth_required: true,
    severity: { critical: 1, normal: 7 },
  });
});
