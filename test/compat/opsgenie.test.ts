import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Item } from "../../shared/group.ts";
import { alertOf, type Client, read, startTestServer, type TestServer } from "../support/test-server.ts";
import { timelineOf, untilTriaged, whateverItems } from "./native-client.ts";

let server: TestServer;
let grafana: Client;
let robot: Client;

beforeAll(async () => {
  server = await startTestServer({ mostBacklog: 10_000 });
  grafana = await server.client("grafana", { scopes: ["alerts:write"] });
  robot = await server.client("robot", { scopes: ["alerts:write", "queue:act"] });
});

afterAll(() => server.close());

type Body = Record<string, unknown>;
interface Accepted {
  result: string;
  took: number;
  requestId: string;
}
interface Status {
  data: {
    success: boolean;
    isSuccess: boolean;
    action: string;
    status: string;
    alertId: string;
    alias: string;
  };
}

const ask = (method: string, path: string, client: Client | null, body?: unknown) =>
  server.app.request(`/compat/opsgenie${path}`, {
    method,
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      ...(client !== null && { Authorization: `GenieKey ${client.token}` }),
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });

const request = (...sent: Parameters<typeof ask>) => untilTriaged(server, ask(...sent));
const post = (path: string, body: unknown, client = robot) => request("POST", path, client, body);

/** Asks for something and for what came of it. */
async function outcomeOf(path: string, body: unknown = {}, client = robot): Promise<Status["data"]> {
  const answer = await post(path, body, client);
  expect(answer.status).toBe(202);
  const { requestId, result } = await read<Accepted>(answer);
  expect(result).toBe("Request will be processed");
  return (await read<Status>(await request("GET", `/v2/alerts/requests/${requestId}`, client))).data;
}

const create = (alias: string, fields: Body = {}) =>
  outcomeOf("/v2/alerts", { message: `${alias} is slow`, alias, ...fields });

const byAlias = (alias: string, verb: string) =>
  `/v2/alerts/${encodeURIComponent(alias)}/${verb}?identifierType=alias`;

async function itemOf(id: string): Promise<Item> {
  const item = (await whateverItems(server)).find((one) => one.id === id);
  if (item === undefined) throw new Error(`no group ${id}`);
  return item;
}

describe("POST /v2/alerts of the Opsgenie stand-in", () => {
  it("answers as Opsgenie does, and says later what came of it", async () => {
    const answer = await ask("POST", "/v2/alerts", grafana, {
      message: "Slow",
      alias: "a/b",
      priority: "P1",
    });
    expect(answer.status).toBe(202);
    const { requestId, took, result } = await read<Accepted>(answer);
    expect([result, took > 0]).toEqual(["Request will be processed", true]);
    expect(answer.headers.get("X-Request-Id")).toBe(requestId);
    expect(answer.headers.get("X-RateLimit-State")).toBe("OK");
    const path = `/v2/alerts/requests/${requestId}`;
    const early = await ask("GET", path, grafana);
    expect([early.status, early.headers.get("X-Opsgenie-Errortype")]).toEqual([404, "RequestNotProcessed"]);
    await server.triage();
    const { data } = await read<Status>(await ask("GET", path, grafana));
    expect(data).toMatchObject({ success: true, isSuccess: true, action: "Create", alias: "a/b" });
    expect(data.status).toBe("Created alert");
    expect(await itemOf(data.alertId)).toMatchObject({
      source: "opsgenie",
      severity: "critical",
      title: "Slow",
    });
    expect((await ask("GET", path, robot)).status).toBe(404);
  });

  it("counts an open alias up, and gives each alert without one an id for an alias", async () => {
    const first = await create("counted");
    expect((await create("counted", { message: "counted is slower" })).alertId).toBe(first.alertId);
    expect(await itemOf(first.alertId)).toMatchObject({ count: 2, title: "counted is slower" });
    const [one, two] = [
      await outcomeOf("/v2/alerts", { message: "one" }),
      await outcomeOf("/v2/alerts", { message: "two" }),
    ];
    expect(one.alertId).not.toBe(two.alertId);
    expect(one.alias).toBe(one.alertId);
  });

  it("says what is wrong as Opsgenie does", async () => {
    const say = async (client: Client | null, body: unknown) => {
      const answer = await request("POST", "/v2/alerts", client, body);
      const { took, requestId, ...rest } = await read<Body>(answer);
      expect([typeof took, typeof requestId]).toEqual(["number", "string"]);
      return [answer.status, rest];
    };
    expect(await say(null, { message: "m" })).toEqual([401, { message: "Could not authenticate" }]);
    const stranger = { ...grafana, token: "11111111-2222-3333-4444-555555555555" };
    expect(await say(stranger, { message: "m" })).toEqual([401, { message: "Could not authenticate" }]);
    expect(await say(grafana, { alias: "a" })).toEqual([
      422,
      {
        message: "Request body is not processable. Please check the errors.",
        errors: { message: "Message can not be empty." },
      },
    ]);
    expect((await say(grafana, "{"))[0]).toBe(400);
    const reader = await server.client("reader", { scopes: ["queue:read"] });
    expect(await say(reader, { message: "m" })).toEqual([
      403,
      { message: "this needs the scope alerts:write" },
    ]);
  });

  it("asks to send again when the backlog is full, and logs no key", async () => {
    server.backlog.add(12_500);
    const answer = await ask("POST", "/v2/alerts", grafana, { message: "m" });
    await server.backlog.refresh();
    expect([answer.status, Number(answer.headers.get("Retry-After")) > 0]).toEqual([503, true]);
    expect(JSON.stringify(server.logged)).not.toContain(grafana.token);
  });
});

describe("actions of the Opsgenie stand-in", () => {
  it("acknowledge by alias what was created right before, and keep the note", async () => {
    const created = await ask("POST", "/v2/alerts", robot, { message: "ack is slow", alias: "ack" });
    expect(created.status).toBe(202);
    const told = await outcomeOf(byAlias("ack", "acknowledge"), { user: "ana", note: "I look" });
    expect(told).toMatchObject({
      isSuccess: true,
      action: "Acknowledge",
      status: "Acknowledged alert",
      alias: "ack",
    });
    const item = await itemOf(told.alertId);
    expect(item).toMatchObject({ status: "acknowledged", acknowledgedBy: "robot", noteCount: 1 });
    const again = await outcomeOf(byAlias("ack", "acknowledge"));
    expect(again).toMatchObject({ isSuccess: false, alertId: told.alertId });
    expect(await outcomeOf(byAlias("ack", "acknowledge"), { note: "Still" })).toMatchObject({
      isSuccess: true,
    });
    expect(await itemOf(told.alertId)).toMatchObject({ noteCount: 2 });
    const actors = (await timelineOf(server, item.id)).filter(({ event }) => event === "acknowledge");
    expect(actors.map(({ actor }) => actor)).toEqual(["robot"]);
  });

  it("add notes by alias and by id", async () => {
    const { alertId } = await create("noted");
    expect(await outcomeOf(byAlias("noted", "notes"), { note: "one" })).toMatchObject({
      status: "Added note",
    });
    server.pass(1);
    expect(await outcomeOf(`/v2/alerts/${alertId}/notes`, { note: "two" })).toMatchObject({ alias: "noted" });
    const { notes } = await server.detail(alertId);
    expect(notes.map(({ text, author }) => [text, author])).toEqual([
      ["two", "robot"],
      ["one", "robot"],
    ]);
    expect((await post(byAlias("noted", "notes"), { user: "ana" })).status).toBe(422);
  });

  it("close through the log, and the next alert begins an episode", async () => {
    const { alertId } = await create("closed");
    const sent = { user: "ana", source: "grafana", note: "Fast again" };
    const told = await outcomeOf(byAlias("closed", "close"), sent);
    expect(told).toMatchObject({ isSuccess: true, action: "Close", status: "Closed alert", alertId });
    expect(await itemOf(alertId)).toMatchObject({
      status: "resolved",
      cleared: true,
      verdict: null,
      noteCount: 1,
    });
    expect((await itemOf(alertId)).title).toBe("closed is slow");
    expect(await outcomeOf(byAlias("closed", "close"))).toMatchObject({
      isSuccess: false,
      status: "Alert is already closed",
    });
    const { items } = await read<{ items: { original: string }[] }>(
      await server.admin.get(`/api/v1/groups/${alertId}/alerts`),
    );
    expect(items.map(({ original }) => JSON.parse(original))[0]).toEqual({
      alias: "closed",
      action: "close",
      request: sent,
    });
    await create("closed");
    expect(await itemOf(alertId)).toMatchObject({ status: "open", episode: 2 });
    expect(await outcomeOf(`/v2/alerts/${alertId}/close`, {}, grafana)).toMatchObject({ isSuccess: true });
    expect(await itemOf(alertId)).toMatchObject({ status: "resolved", cleared: true });
  });

  it("close by id what has no alias as a person would, which a mere sender may not", async () => {
    const [id = ""] = await server.send(alertOf());
    expect((await post(`/v2/alerts/${id}/close`, {}, grafana)).status).toBe(403);
    expect(await outcomeOf(`/v2/alerts/${id}/close`)).toMatchObject({ isSuccess: true, alertId: id });
    expect(await itemOf(id)).toMatchObject({ status: "resolved", verdict: "undetermined", cleared: false });
  });

  it("take what is not there, and say so when asked", async () => {
    const before = (await whateverItems(server)).length;
    for (const verb of ["acknowledge", "close", "notes"]) {
      const told = await outcomeOf(byAlias("never", verb), { note: "n" });
      expect(told).toMatchObject({
        isSuccess: false,
        success: false,
        status: "Alert does not exist",
        alertId: "",
      });
    }
    for (const path of ["/v2/alerts/17/close?identifierType=tiny", "/v2/alerts/not-an-id/close"]) {
      expect(await outcomeOf(path)).toMatchObject({ isSuccess: false });
    }
    expect((await post("/v2/alerts/x/close?identifierType=name", {})).status).toBe(422);
    expect((await whateverItems(server)).length).toBe(before);
  });

  it("need the right to act, and stay within reach", async () => {
    const { alertId } = await create("reach", { details: { environment: "production" } });
    expect((await post(byAlias("reach", "acknowledge"), {}, grafana)).status).toBe(403);
    const stranger = await server.client("stranger", {
      scopes: ["alerts:write", "queue:act"],
      environments: ["test"],
    });
    expect(await outcomeOf(byAlias("reach", "acknowledge"), {}, stranger)).toMatchObject({
      isSuccess: false,
      alertId: "",
    });
    expect(await outcomeOf(`/v2/alerts/${alertId}/notes`, { note: "n" }, stranger)).toMatchObject({
      alertId: "",
    });
    expect(await itemOf(alertId)).toMatchObject({ status: "open", noteCount: 0 });
  });
});

describe("heartbeats of the Opsgenie stand-in", () => {
  it.each(["GET", "POST"])("are taken by %s", async (method) => {
    const answer = await ask(method, "/v2/heartbeats/nightly%20backup/ping", grafana);
    expect(answer.status).toBe(202);
    expect(await read<Accepted>(answer)).toMatchObject({ result: "PONG - Heartbeat received" });
    const { items } = await read<{ items: Body[] }>(await server.admin.get("/api/v1/heartbeats"));
    expect(items).toMatchObject([{ detector: "nightly backup", sentBy: "grafana", intervalSeconds: 600 }]);
  });

  it("need a name of ordinary length", async () => {
    expect((await ask("GET", `/v2/heartbeats/${"x".repeat(129)}/ping`, grafana)).status).toBe(422);
  });
});
