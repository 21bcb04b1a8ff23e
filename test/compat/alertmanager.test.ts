import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lapseGroups } from "../../server/services/triage/lapse-groups.ts";
import type { Item } from "../../shared/group.ts";
import { bearer, type Client, read, startTestServer, type TestServer } from "../support/test-server.ts";

let server: TestServer;
let prometheus: Client;
let ada: Client;

beforeAll(async () => {
  server = await startTestServer({ mostBacklog: 10_000 });
  prometheus = await server.client("prometheus", { scopes: ["alerts:write"] });
  ada = await server.client("ada");
});

afterAll(() => server.close());

const path = "/compat/alertmanager/api/v2/alerts";
const at = (ms: number) => new Date(server.now() + ms).toISOString();
const minute = 60_000;

interface Labels {
  alertname: string;
  [name: string]: string;
}

/** As Prometheus resends it: the same start, an end a few minutes ahead. */
const firing = (labels: Labels, startsAt: string, lasts = 4 * minute) => ({
  ...{ labels, startsAt, endsAt: at(lasts), generatorURL: "http://prometheus.example.com/graph" },
  annotations: { summary: `${labels.alertname} fires` },
});

async function post(...alerts: object[]): Promise<Response> {
  const answer = await prometheus.post(path, alerts);
  await server.triage();
  return answer;
}

async function itemOf(rule: string): Promise<Item> {
  const query = "flat=true&hidden=include&band=P1&band=P2&band=P3&band=P4&band=P5&limit=200";
  const status = "status=open&status=acknowledged&status=snoozed&status=resolved";
  const { items } = await read<{ items: Item[] }>(await ada.get(`/api/v1/queue?${query}&${status}`));
  const found = items.filter((item) => item.rule === rule);
  const [item] = found;
  if (found.length !== 1 || item === undefined) throw new Error(`${found.length} groups of ${rule}`);
  return item;
}

const labelsOf = (alertname: string, severity = "medium"): Labels => ({
  alertname,
  severity,
  instance: "web-1:9100",
  env: "prod",
});

describe("POST /api/v2/alerts of the Alertmanager stand-in", () => {
  it("answers with an empty 200, to a bearer token and to a password", async () => {
    const answer = await post(firing(labelsOf("Up"), at(0)));
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(await itemOf("Up")).toMatchObject({
      source: "alertmanager",
      severity: "medium",
      environment: "production",
    });
    const basic = Buffer.from(`prometheus:${prometheus.token}`).toString("base64");
    const again = await server.app.request(path, {
      method: "POST",
      body: "[]",
      headers: { Authorization: `Basic ${basic}`, "Content-Type": "application/json" },
    });
    expect([again.status, await again.text()]).toEqual([200, ""]);
  });

  it("takes a repeat of the same firing as a sign of life", async () => {
    const [labels, startsAt] = [labelsOf("Resent"), at(0)];
    for (let i = 0; i < 4; i += 1) {
      await post(firing(labels, startsAt));
      server.pass(minute);
    }
    expect(await itemOf("Resent")).toMatchObject({ count: 4, occurrences: 1, cleared: false });
    await post(firing(labels, at(0)));
    expect(await itemOf("Resent")).toMatchObject({ count: 5, occurrences: 2 });
  });

  it("clears what ended, and resolves it from P3 down", async () => {
    for (const [name, severity, status] of [
      ["Mild", "medium", "resolved"],
      ["Grave", "critical", "open"],
    ] as const) {
      const [labels, startsAt] = [labelsOf(name, severity), at(0)];
      await post(firing(labels, startsAt));
      expect(await itemOf(name)).toMatchObject({ status: "open", cleared: false });
      server.pass(minute);
      await post({ ...firing(labels, startsAt), endsAt: at(-1) });
      expect(await itemOf(name)).toMatchObject({ status, cleared: true, verdict: null, occurrences: 1 });
      server.pass(minute);
      await post(firing(labels, at(0)));
      expect(await itemOf(name)).toMatchObject({ status: "open", cleared: false, occurrences: 2 });
    }
  });

  it("clears when the sender falls silent past the end it gave", async () => {
    const labels = labelsOf("Silent");
    await post(firing(labels, at(0), 4 * minute));
    const before = await itemOf("Silent");
    server.pass(4 * minute - 1);
    const lapse = () => lapseGroups(server.store, server.now(), server.deps.policy());
    await lapse();
    expect(await itemOf("Silent")).toMatchObject({ status: "open", cleared: false, version: before.version });
    server.pass(1);
    expect(await lapse()).toBeGreaterThanOrEqual(1);
    expect(await itemOf("Silent")).toMatchObject({
      status: "resolved",
      cleared: true,
      version: before.version + 1,
    });
    expect(await lapse()).toBe(0);
    const { items } = await read<{ items: { event: string }[] }>(
      await ada.get(`/api/v1/items/${before.id}/timeline`),
    );
    expect(items.map(({ event }) => event).sort()).toEqual(["cleared", "created", "resolved"]);
    await post(firing(labels, at(0)));
    expect(await itemOf("Silent")).toMatchObject({ status: "open", cleared: false, episode: 2 });
  });

  it("tracks each instance of a group: one that ends does not clear the others", async () => {
    const replica = (name: string) => ({ ...labelsOf("Twice"), prometheus_replica: name });
    await post(firing(replica("a"), at(0)), firing(replica("b"), at(0)));
    await post({ ...firing(replica("a"), at(0)), endsAt: at(-1) });
    expect(await itemOf("Twice")).toMatchObject({ cleared: false, status: "open" });
    await post({ ...firing(replica("b"), at(0)), endsAt: at(-1) });
    expect(await itemOf("Twice")).toMatchObject({ cleared: true, status: "resolved" });
  });

  it("says what is wrong as a JSON string, as Alertmanager does", async () => {
    const say = async (answer: Response) => [answer.status, typeof (await answer.json())];
    expect(await say(await prometheus.post(path, "{"))).toEqual([400, "string"]);
    expect(await say(await prometheus.post(path, [{ labels: {} }]))).toEqual([400, "string"]);
    expect(await say(await prometheus.post(path, "<a/>", { "Content-Type": "text/xml" }))).toEqual([
      415,
      "string",
    ]);
    expect(await say(await ada.post(path, []))).toEqual([403, "string"]);
    expect(await say(await server.app.request(path, { method: "POST", body: "[]" }))).toEqual([
      401,
      "string",
    ]);
    expect(
      await say(await server.app.request(path, { method: "POST", body: "[]", headers: bearer("qw_wrong") })),
    ).toEqual([401, "string"]);
  });

  it("asks to send again when the backlog is full", async () => {
    server.backlog.add(12_500);
    const answer = await prometheus.post(path, [firing(labelsOf("Late"), at(0))]);
    await server.backlog.refresh();
    expect([answer.status, Number(answer.headers.get("Retry-After")) > 0]).toEqual([503, true]);
    expect(typeof (await answer.json())).toBe("string");
  });

  it("hides what went wrong inside", async () => {
    await server.store.pool.query("alter table alert_log rename to gone");
    const answer = await prometheus.post(path, [firing(labelsOf("Broken"), at(0))]);
    await server.store.pool.query("alter table gone rename to alert_log");
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).not.toContain("alert_log");
    expect(typeof JSON.parse(text)).toBe("string");
  });
});
