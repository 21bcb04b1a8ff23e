import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createApp } from "../../server/app.ts";
import { schedule } from "../../server/jobs/schedule.ts";
import { summariseIntake } from "../../server/jobs/summarise-intake.ts";
import { createLog } from "../../server/log.ts";
import type { IntakeAnswer } from "../../shared/alert.ts";
import { limits } from "../../shared/alert.ts";
import {
  alertOf,
  bearer,
  type Client,
  read,
  startTestServer,
  type TestServer,
  until,
} from "../support/test-server.ts";

interface Line {
  Type: string;
  Severity: number;
  Fields: Record<string, unknown>;
}

let server: TestServer;
let edge: Client;
let lines: string[] = [];
let ask: (path: string, init?: RequestInit) => Promise<Response>;
let summarise: () => Promise<void>;
const log = createLog("debug", (line) => void lines.push(line));

beforeAll(async () => {
  server = await startTestServer();
  edge = await server.client("edge", { scopes: ["alerts:write"] });
  const app = createApp({ ...server.deps, log }, { pages: null });
  ask = async (path, init) => app.request(path, init);
  summarise = summariseIntake({ log, senders: server.deps.observe.senders });
});

afterAll(() => server.close());

beforeEach(async () => {
  await summarise();
  lines = [];
});

const said = (type: string) =>
  lines.map((line): Line => JSON.parse(line)).filter((line) => line.Type === type);
const post = (path: string, body: BodyInit, headers: Record<string, string> = bearer(edge.token)) =>
  ask(path, { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } });

it("a request is a line with the pattern of its path, its answer and who asked", async () => {
  const id = crypto.randomUUID();
  const answer = await ask(`/api/v1/items/${id}?q=secret`, { headers: bearer(server.admin.token) });
  const { error } = await read<{ error: { requestId: string } }>(answer);
  const [line] = said("api.request.summary");
  expect(line).toMatchObject({
    Severity: 6,
    Fields: {
      method: "GET",
      path: "/api/v1/items/:id",
      code: 404,
      requestId: error.requestId,
      uid: expect.any(String),
      t: expect.any(Number),
      remoteAddress: null,
    },
  });
  expect(lines.join("")).not.toMatch(new RegExp(`${id}|secret`));
});

it("a probe of the health is a line for debugging only", async () => {
  await ask("/healthz");
  expect(said("api.request.summary")).toMatchObject([{ Severity: 7, Fields: { path: "/healthz" } }]);
});

it("requests with alerts are told of in sums, without a word of what they hold", async () => {
  const alert = JSON.stringify([alertOf({ title: "only-in-the-alert" }), { source: "x" }]);
  for (let i = 0; i < 50; i += 1) await post("/api/v1/alerts", alert);
  await post("/api/v1/ingest/wazuh", '{"only-in-the-alert":');
  expect(lines).toEqual([]);
  await summarise();
  const bytes = 50 * alert.length;
  expect(said("api.intake.summary").map(({ Fields }) => Fields)).toMatchObject([
    {
      sender: "edge",
      format: "alert",
      requests: 50,
      received: 100,
      accepted: 50,
      rejected: 50,
      refused: 0,
      bytes,
    },
    { sender: "edge", format: "wazuh", requests: 1, received: 0, accepted: 0, refused: 1 },
  ]);
  expect(lines.join("")).not.toContain("only-in-the-alert");
  lines = [];
  await summarise();
  expect(lines).toEqual([]);
});

it("the token of a webhook's address stands in no line", async () => {
  expect((await post(`/hooks/${edge.token}`, JSON.stringify(alertOf()), {})).status).toBe(202);
  expect((await post(`/hooks/${edge.token}/alert`, JSON.stringify(alertOf()), {})).status).toBe(202);
  const wrong = `qw_api_${"w".repeat(43)}`;
  expect((await post(`/hooks/${wrong}/alert`, "{}", {})).status).toBe(401);
  expect((await ask(`/hooks/${edge.token}/alert`)).status).toBe(404);
  await summarise();
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.join("")).not.toContain("qw_api_");
});

it("who is not let in is said with the reason, a few times a second at the most", async () => {
  const refusals = () =>
    server.deps.observe.registry.getSingleMetricAsString("quietwatch_auth_refusals_total");
  const counted = async () => Number(/reason="unauthenticated"} (\d+)/.exec(await refusals())?.[1] ?? 0);
  const before = await counted();
  await until(async () => {
    await ask("/api/v1/queue", { headers: bearer("wrong") });
    return said("auth.refused").length > 0 ? true : null;
  });
  lines = [];
  await new Promise((resolve) => setTimeout(resolve, 1_010));
  const at = performance.now();
  for (let i = 0; i < 60; i += 1) await ask("/api/v1/queue", { headers: bearer(`wrong-${i}`) });
  const seconds = Math.ceil((performance.now() - at) / 1_000);
  expect(said("auth.refused").length).toBeLessThanOrEqual(10 * (seconds + 1));
  expect(said("auth.refused")[0]).toMatchObject({
    Severity: 4,
    Fields: { reason: "unauthenticated", path: "/api/v1/queue", code: 401, remoteAddress: null, leftOut: 0 },
  });
  expect((await counted()) - before).toBeGreaterThanOrEqual(61);
  expect(lines.join("")).not.toContain("wrong-");
  await ask("/api/v1/queue", { headers: bearer(edge.token) });
  await new Promise((resolve) => setTimeout(resolve, 1_010));
  await ask("/api/v1/queue", { headers: bearer(edge.token) });
  const last = said("auth.refused").at(-1);
  expect(last).toMatchObject({ Fields: { reason: "not_allowed", uid: expect.any(String) } });
  expect(Number(last?.Fields.leftOut)).toBeGreaterThan(0);
});

it("a body that is too large by its length is said, and counted", async () => {
  const headers = { ...bearer(edge.token), "Content-Length": String(limits.bodyBytes + 1) };
  expect((await post("/api/v1/alerts", "{}", headers)).status).toBe(413);
  expect(said("api.request.summary")).toMatchObject([{ Severity: 4, Fields: { code: 413 } }]);
  const text = await server.deps.observe.registry.getSingleMetricAsString("quietwatch_bodies_refused_total");
  expect(text).toContain('{format="unknown",code="too_large"} 1');
});

it("every line can be sent to /ingest/mozlog, and is read", async () => {
  await ask("/api/v1/queue", { headers: bearer(server.admin.token) });
  await ask("/api/v1/queue", { headers: bearer("wrong") });
  await post("/api/v1/alerts", JSON.stringify(alertOf()));
  await summarise();
  await server.store.pool.query("alter table item rename to gone");
  await ask("/api/v1/queue", { headers: bearer(server.admin.token) });
  await server.store.pool.query("alter table gone rename to item");
  const fails = () => Promise.reject(new Error("it \u0000 broke\n in two"));
  const stop = schedule([{ name: "breaks", everyMs: 60_000, run: fails }], log);
  await stop();
  const types = new Set(lines.map((line) => (JSON.parse(line) as Line).Type));
  for (const type of ["api.request.summary", "api.intake.summary", "api.failed", "job.failed"]) {
    expect(types).toContain(type);
  }
  for (const line of lines) {
    expect(line).toMatch(/^\{"Timestamp":\d{19},.*\}\n$/);
    expect(JSON.parse(line)).toMatchObject({ EnvVersion: "2.0", Logger: "quietwatch", Pid: process.pid });
  }
  const answer = await post("/api/v1/ingest/mozlog", lines.join(""), {
    ...bearer(edge.token),
    "Content-Type": "application/x-ndjson",
  });
  expect(answer.status).toBe(202);
  const { accepted, rejected } = await read<IntakeAnswer>(answer);
  expect(rejected.map(({ message }) => message)).toEqual([]);
  expect(accepted).toBe(lines.length);
});
