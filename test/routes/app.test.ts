import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../server/app.ts";
import { bearer, errorOf, outcome, read, startTestServer, type TestServer } from "../support/test-server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** Whoever asks here has yet to show who they are; their own tests say what each of them takes. */
const openPaths = [
  "/healthz",
  ...["/openapi.json", "/docs", "/docs.css"],
  "/readyz",
  ...["link", "device", "token", "revoke"].flatMap((name) => [`/auth/${name}`, `/api/v1/auth/${name}`]),
  // What clients of the stand-ins ask before they show a key, and PagerDuty's own answer to one that is wrong.
  ...["healthy", "ready"].map((name) => `/compat/alertmanager/-/${name}`),
  ...["enqueue", "change/enqueue"].map((name) => `/compat/pagerduty/v2/${name}`),
  "/compat/alerta/api/config",
  // The handshake of CloudEvents, which carries no credential.
  "/api/v1/ingest/cloudevents",
];

describe("every route", () => {
  it("but the open ones answers a stranger with 401", async () => {
    const routes = server.app.routes.filter(({ method }) => method !== "ALL");
    expect(routes.length).toBeGreaterThan(40);
    const answered = await Promise.all(
      routes.map(async ({ method, path }) => {
        const real = path
          .replaceAll(":id", crypto.randomUUID())
          .replace(":type", "host")
          .replace(":format", "wazuh")
          .replace(/:\w+/g, "x");
        const init =
          method === "GET" ? {} : { method, body: "{}", headers: { "Content-Type": "application/json" } };
        return { path, status: (await server.app.request(real, init)).status };
      }),
    );
    const open = answered.filter(({ status }) => status !== 401).map(({ path }) => path);
    expect(open.filter((path) => !openPaths.includes(path))).toEqual([]);
    for (const path of ["/healthz", "/readyz"]) expect(open).toContain(path);
    for (const path of [
      "/metrics",
      "/api/v1/queue",
      "/api/v1/stream",
      "/compat/alertmanager/api/v2/alerts",
    ]) {
      expect(answered).toContainEqual({ path, status: 401 });
    }
  });

  it.each([
    "/api/v1",
    "/api/v1/",
    "/api/v1/nothing",
    "/api/v1/queue/",
    "/api/v1/items",
    "/compat/alertmanager/x",
  ])("that does not exist is no way around: %s", async (path) => {
    expect((await server.app.request(path)).status).toBe(401);
    expect((await server.app.request(path, { method: "DELETE" })).status).toBe(401);
  });

  it.each([
    "/api/v1/%71ueue",
    "//api/v1/queue",
    "/api/v1//queue",
    "/API/v1/queue",
    "/api/v1/../v1/queue",
    "/metrics/",
    "/%6detrics",
  ])("in another spelling gives a stranger nothing: %s", async (path) => {
    expect([401, 404]).toContain((await server.app.request(`http://localhost${path}`)).status);
  });
});

describe("an answer", () => {
  it("for a path that is not there is 404 in the shape of every error", async () => {
    for (const path of ["/nothing", "/api/v1/nothing"]) {
      const answer = await server.admin.get(path);
      expect(answer.status).toBe(404);
      expect(await read(answer)).toEqual({
        error: {
          code: "not_found",
          message: expect.any(String),
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      });
    }
  });

  it("of a failure inside says nothing of it, and the log does", async () => {
    await server.store.pool.query("alter table item rename to gone");
    const answer = await server.admin.get("/api/v1/queue");
    await server.store.pool.query("alter table gone rename to item");
    expect(answer.status).toBe(500);
    const { requestId, message, code } = await errorOf(answer);
    expect([code, message]).toEqual(["internal", "something went wrong here; it was logged"]);
    const [line] = server.logged.filter(({ type }) => type === "api.failed");
    expect(line).toMatchObject({ level: "error", fields: { requestId, path: "/api/v1/queue" } });
    expect(String(line?.fields.message)).toContain("item");
    expect(await outcome(await server.admin.get("/api/v1/queue"))).toBe("200");
  });

  it("has a request id of its own, and is taken for what it says it is", async () => {
    const answers = await Promise.all(
      ["/nothing", "/nothing", "/healthz"].map((path) => server.admin.get(path)),
    );
    for (const { headers } of answers) expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    const [one, two] = await Promise.all(answers.slice(0, 2).map(errorOf));
    expect(one?.requestId).not.toBe(two?.requestId);
  });

  it("tells a stranger how to sign in", async () => {
    const answer = await server.app.request("/api/v1/queue", { headers: bearer("wrong") });
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
    expect(await outcome(answer)).toBe("401 unauthenticated");
  });
});

describe("health", () => {
  it("is said to everyone, of the process and of the store", async () => {
    expect(await read(await server.app.request("/healthz"))).toEqual({ status: "ok" });
    expect(await read(await server.app.request("/readyz"))).toEqual({
      status: "ready",
      checks: {
        store: { ok: true, says: expect.stringMatching(/^answers in \d+ ms$/) },
        log: { ok: true, says: "alerts are committed" },
        triage: {
          ok: true,
          says: "nothing waits",
          backlog: 0,
          triagedUpTo: null,
          setAside: 0,
        },
        disk: { ok: true, says: "the disk of the store is not ours to look at" },
      },
    });
  });

  it("of a store that does not answer is 503, and the process still lives", async () => {
    const pool = Object.create(server.store.pool, {
      query: { value: () => Promise.reject(new Error("the store is away")) },
    });
    const app = createApp({ ...server.deps, store: { ...server.store, pool } }, { pages: null });
    const answer = await app.request("/readyz");
    expect(answer.status).toBe(503);
    expect(await read(answer)).toMatchObject({
      status: "not ready",
      checks: { store: { ok: false, says: "the store does not answer" } },
    });
    expect((await app.request("/healthz")).status).toBe(200);
  });
});

describe("metrics", () => {
  it("are Prometheus text of what the store holds, for who may read reports", async () => {
    await server.send({ rule: "metric", dedupKey: "m" }, { rule: "metric", dedupKey: "m" }, {});
    await server.admin.post("/api/v1/alerts", { source: "s", rule: "r", title: "t", severity: "low" });
    const lead = await server.client("lead", { scopes: ["reports:read"] });
    const answer = await lead.get("/metrics");
    expect(answer.headers.get("Content-Type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1]);
    expect(value("quietwatch_alerts_total")).toBe(3);
    expect(value("quietwatch_groups")).toBe(2);
    expect(value("quietwatch_log_sequence")).toBe(2);
    expect(value("quietwatch_triage_sequence")).toBe(1);
    expect(value("quietwatch_backlog_alerts")).toBe(1);
    const detector = await server.client("detector", { scopes: ["alerts:write"] });
    expect(await outcome(await detector.get("/metrics"))).toBe("403 not_allowed");
  });
});
