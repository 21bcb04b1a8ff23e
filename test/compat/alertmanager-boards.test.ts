import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keepSilences } from "../../server/jobs/keep-silences.ts";
import type { GettableAlert, GettableSilence } from "../../shared/alertmanager.ts";
import { act, type Client, done, read, startTestServer, type TestServer } from "../support/test-server.ts";

const base = "/compat/alertmanager";
const minute = 60_000;
const hour = 60 * minute;

let server: TestServer;
let prometheus: Client;
let ada: Client;
let staging: Client;

beforeAll(async () => {
  server = await startTestServer();
  prometheus = await server.client("prometheus", { scopes: ["alerts:write"] });
  ada = await server.client("ada");
  staging = await server.client("staging", { environments: ["staging"] });
});

afterAll(() => server.close());

let name = "";
beforeEach(() => {
  name = `Rule${crypto.randomUUID().replaceAll("-", "")}`;
  server.pass(minute);
});

const at = (ms: number) => new Date(server.now() + ms).toISOString();

function firing(labels: Record<string, string> = {}, change: object = {}) {
  return {
    labels: { alertname: name, severity: "warning", instance: "web-1:9100", env: "prod", ...labels },
    annotations: { summary: `${name} fires`, runbook: "", dashboard: "https://example.com/d/1" },
    startsAt: at(-minute),
    endsAt: at(4 * minute),
    generatorURL: "http://prometheus.example.com/graph?g0.expr=up",
    ...change,
  };
}

async function post(...alerts: object[]): Promise<Response> {
  const answer = await prometheus.post(`${base}/api/v2/alerts`, alerts);
  await server.triage();
  return answer;
}

async function listed(query = "", client = ada): Promise<GettableAlert[]> {
  const own = `filter=${encodeURIComponent(`alertname="${name}"`)}`;
  return read(await client.get(`${base}/api/v2/alerts?${[own, query].join("&")}`));
}

const filter = (text: string) => `filter=${encodeURIComponent(text)}`;
const messageOf = async (answer: Response) => [answer.status, await answer.json()];

describe("GET /api/v2/alerts", () => {
  it("lists what fires with the labels and annotations it came with", async () => {
    const alert = firing({ team: "shop" });
    await post(alert);
    const [found, ...others] = await listed();
    expect(others).toEqual([]);
    expect(found).toEqual({
      labels: alert.labels,
      annotations: { summary: `${name} fires`, dashboard: "https://example.com/d/1" },
      startsAt: alert.startsAt,
      endsAt: alert.endsAt,
      updatedAt: at(0),
      generatorURL: alert.generatorURL,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      receivers: [{ name: "quietwatch" }],
      status: { state: "active", silencedBy: [], inhibitedBy: [], mutedBy: [] },
    });
  });

  it("shows the newest of each group, from one request or from many", async () => {
    const hosts = ["a", "b", "c"];
    await post(...hosts.map((instance) => firing({ instance })));
    await post(firing({ instance: "b" }, { annotations: { summary: "newer" } }), firing({ instance: "d" }));
    const texts = (await listed()).map(({ labels, annotations }) => [labels.instance, annotations.summary]);
    expect(texts.sort()).toEqual([
      ["a", `${name} fires`],
      ["b", "newer"],
      ["c", `${name} fires`],
      ["d", `${name} fires`],
    ]);
  });

  it("keeps labels and values that our own limits cut", async () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`label_${i}`, "x".repeat(300)]));
    await post(firing(many));
    expect((await listed())[0]?.labels).toEqual(firing(many).labels);
  });

  it("reads the alerts of a notification too", async () => {
    const alerts = ["a", "b"].map((instance) => ({
      ...firing({ instance }),
      status: "firing",
      endsAt: "0001-01-01T00:00:00Z",
    }));
    const body = { version: "4", status: "firing", receiver: "r", groupLabels: {}, alerts };
    const sent = await prometheus.post("/api/v1/ingest/alertmanager", body);
    await server.triage();
    expect(sent.status).toBe(202);
    const found = await listed();
    expect(found.map(({ labels }) => labels.instance).sort()).toEqual(["a", "b"]);
    expect(found[0]).toMatchObject({ annotations: { summary: `${name} fires` }, endsAt: at(5 * minute) });
  });

  it("shows a group of another format by our own fields", async () => {
    await server.send({
      rule: name,
      severity: "high",
      title: "Console access",
      description: "From outside",
      labels: { team: "red" },
      links: [{ href: "https://example.com/1" }],
    });
    const [found] = await listed();
    expect(found).toMatchObject({
      labels: { alertname: name, source: "probe", severity: "high", environment: "production", team: "red" },
      annotations: { summary: "Console access", description: "From outside" },
      generatorURL: "https://example.com/1",
      startsAt: at(0),
      endsAt: at(5 * minute),
    });
  });

  it("leaves out what is over, resolved, or out of scope", async () => {
    await post(firing(), firing({ instance: "staging-1", env: "staging", severity: "critical" }));
    expect(await listed()).toHaveLength(2);
    expect((await listed("", staging)).map(({ labels }) => labels.env)).toEqual(["staging"]);
    await post({ ...firing(), endsAt: at(-1) });
    expect((await listed()).map(({ labels }) => labels.env)).toEqual(["staging"]);
    const { items } = await read<{ items: { id: string }[] }>(
      await ada.get(`/api/v1/queue?q=${name}&flat=true`),
    );
    await done(act(ada, items[0]?.id ?? "", "resolve", { verdict: "true_positive" }));
    expect(await listed()).toEqual([]);
  });

  it.each<[string[], string[]]>([
    [[], ["a", "b"]],
    [['team="red"'], ["a"]],
    [["team!=red"], ["b"]],
    [["team=~r.d", "instance=a"], ["a"]],
    [["team=~re"], []],
    [["team=", "instance!~c"], ["b"]],
    [["nothing=x"], []],
    [["nothing!=x"], ["a", "b"]],
    [["__proto__=x"], []],
  ])("takes the filters %j", async (filters, expected) => {
    await post(firing({ instance: "a", team: "red" }), firing({ instance: "b" }));
    const found = await listed(filters.map(filter).join("&"));
    expect(found.map(({ labels }) => labels.instance).sort()).toEqual(expected);
  });

  it("takes states and receivers", async () => {
    await post(firing({ instance: "open" }), firing({ instance: "staging-1", env: "staging" }));
    await silence({ matchers: [{ name: "instance", value: "hush", isRegex: false }] });
    await post(firing({ instance: "hush" }));
    const names = async (query: string) =>
      (await listed(query)).map(({ labels, status }) => [labels.instance, status.state]).sort();
    expect(await names("")).toEqual([
      ["hush", "suppressed"],
      ["open", "active"],
      ["staging-1", "suppressed"],
    ]);
    expect(await names("silenced=false&inhibited=false")).toEqual([["open", "active"]]);
    expect(await names("active=false&inhibited=false")).toEqual([["hush", "suppressed"]]);
    expect(await names("active=false&silenced=false")).toEqual([["staging-1", "suppressed"]]);
    expect(await names("unprocessed=false&receiver=quiet.*")).toHaveLength(3);
    expect(await names("receiver=quiet")).toEqual([]);
    const inhibited = (await listed("active=false&silenced=false"))[0];
    expect(inhibited?.status).toMatchObject({ silencedBy: [], inhibitedBy: ["policy:environment:staging"] });
  });

  it("says as a JSON string what it cannot read", async () => {
    const ask = async (query: string) => messageOf(await ada.get(`${base}/api/v2/alerts?${query}`));
    expect(await ask(filter("a b"))).toEqual([400, "bad matcher format: a b"]);
    expect(await ask(filter("a=~("))).toEqual([400, expect.stringContaining("missing closing )")]);
    expect(await ask("receiver=(")).toEqual([400, expect.stringContaining("missing closing )")]);
    expect(await ask("active=maybe")).toEqual([400, expect.stringContaining("active")]);
    expect(await messageOf(await prometheus.get(`${base}/api/v2/alerts`))).toEqual([
      403,
      "this needs the scope queue:read",
    ]);
  });
});

describe("GET /api/v2/alerts/groups", () => {
  it("puts together what fires under one name", async () => {
    const [one, two] = [name, `${name}B`];
    await post(
      firing({ instance: "a" }),
      firing({ alertname: two, instance: "b" }),
      firing({ instance: "c", severity: "critical" }),
    );
    const query = filter(`alertname=~"${name}.*"`);
    const groups = await read<{ labels: object; receiver: object; alerts: GettableAlert[] }[]>(
      await ada.get(`${base}/api/v2/alerts/groups?${query}`),
    );
    expect(groups.map(({ labels, receiver, alerts }) => [labels, receiver, alerts.length])).toEqual([
      [{ alertname: one }, { name: "quietwatch" }, 2],
      [{ alertname: two }, { name: "quietwatch" }, 1],
    ]);
    expect(groups[0]?.alerts.map(({ labels }) => labels.instance)).toEqual(["c", "a"]);
    expect(await read(await ada.get(`${base}/api/v2/alerts/groups?${filter("nothing=x")}`))).toEqual([]);
  });
});

const silencing = (change: object = {}) => ({
  matchers: [{ name: "alertname", value: name, isRegex: false, isEqual: true }],
  startsAt: at(0),
  endsAt: at(hour),
  createdBy: "grace",
  comment: "A rebuild",
  ...change,
});

const postSilence = (body: unknown, client = ada) => client.post(`${base}/api/v2/silences`, body);

async function silence(change: object = {}): Promise<string> {
  const answer = await postSilence(silencing(change));
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await read<{ silenceID: string }>(answer)).silenceID;
}

const show = async (id: string) => read<GettableSilence>(await ada.get(`${base}/api/v2/silence/${id}`));
const expire = (id: string, client = ada) =>
  server.app.request(`${base}/api/v2/silence/${id}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${client.token}` },
  });

describe("silences of the stand-in", () => {
  it("are ours, with who made them and whom they were made for", async () => {
    await post(firing());
    const id = await silence();
    expect(await show(id)).toEqual({
      id,
      status: { state: "active" },
      updatedAt: at(0),
      comment: "A rebuild",
      createdBy: "grace",
      startsAt: at(0),
      endsAt: at(hour),
      matchers: silencing().matchers,
    });
    const ours = await read(await ada.get(`/api/v1/silences/${id}`));
    expect(ours).toMatchObject({ author: "ada", createdBy: "grace", reason: "A rebuild", hides: 1 });
    expect((await listed())[0]?.status).toMatchObject({ state: "suppressed", silencedBy: [id] });
    const gone = await expire(id);
    expect([gone.status, await gone.text()]).toEqual([200, ""]);
    expect((await show(id)).status.state).toBe("expired");
    expect((await listed())[0]?.status).toMatchObject({ state: "active", silencedBy: [] });
    expect((await expire(id)).status).toBe(200);
  });

  it("match labels first, then our fields, and the name of the rule", async () => {
    await post(firing());
    await server.send({ rule: name, severity: "high" });
    const states = async () => (await listed()).map(({ status }) => status.state).sort();
    const both = { name: "alertname", value: name, isRegex: false };
    const one = await silence({ matchers: [both, { name: "severity", value: "warning", isRegex: false }] });
    expect(await states()).toEqual(["active", "suppressed"]);
    await expire(one);
    await silence({ matchers: [both, { name: "environment", value: "prod.+", isRegex: true }] });
    expect(await states()).toEqual(["suppressed", "suppressed"]);
  });

  it("keep their id when only the times move, and are made anew for all else", async () => {
    await post(firing());
    const id = await silence();
    server.pass(minute);
    const edit = (change: object) => silence({ id, startsAt: at(-minute), ...change });
    expect(await edit({ endsAt: at(2 * hour), createdBy: "linus" })).toBe(id);
    expect(await show(id)).toMatchObject({ endsAt: at(2 * hour), createdBy: "linus", startsAt: at(-minute) });
    const reworded = await edit({ comment: "Another reason" });
    expect(reworded).not.toBe(id);
    expect((await show(id)).status.state).toBe("expired");
    expect((await listed())[0]?.status.silencedBy).toEqual([reworded]);
    const wider = await silence({
      id: reworded,
      matchers: [{ name: "alertname", value: `${name}|x`, isRegex: true }],
    });
    expect((await show(reworded)).status.state).toBe("expired");
    expect((await listed())[0]?.status.silencedBy).toEqual([wider]);
    await expire(wider);
    const again = await silence({ id: wider });
    expect([again === wider, (await show(again)).status.state]).toEqual([false, "active"]);
  });

  it("that have not begun can be moved altogether", async () => {
    const id = await silence({ startsAt: at(hour), endsAt: at(2 * hour) });
    expect((await show(id)).status.state).toBe("pending");
    expect(await silence({ id, startsAt: at(3 * hour), endsAt: at(4 * hour) })).toBe(id);
    expect(await show(id)).toMatchObject({ startsAt: at(3 * hour), status: { state: "pending" } });
    expect(await silence({ id })).toBe(id);
    expect((await show(id)).status.state).toBe("active");
  });

  it("are listed in their order, by matchers, while they are fresh", async () => {
    const later = await silence({ endsAt: at(3 * hour) });
    const sooner = await silence({ endsAt: at(2 * hour) });
    const pending = await silence({ startsAt: at(hour), endsAt: at(4 * hour) });
    const gone = await silence();
    await expire(gone);
    const list = async (text: string) =>
      (await read<GettableSilence[]>(await ada.get(`${base}/api/v2/silences?${filter(text)}`))).map(
        ({ id }) => id,
      );
    expect(await list(`alertname="${name}"`)).toEqual([sooner, later, pending, gone]);
    expect(await list(`alertname=~"${name}"`)).toEqual([]);
    server.pass(6 * 24 * hour);
    await keepSilences(server.deps);
    expect(await list(`alertname="${name}"`)).toEqual([]);
    expect((await show(gone)).status.state).toBe("expired");
  });

  it.each<[string, object, number, string]>([
    ["no comment", { comment: "" }, 400, "comment"],
    ["no author", { createdBy: "" }, 400, "createdBy"],
    ["no matcher", { matchers: [] }, 400, "matchers"],
    ["matchers for all", { matchers: [{ name: "a", value: "", isRegex: false }] }, 400, "empty string"],
    ["a broken pattern", { matchers: [{ name: "a", value: "(", isRegex: true }] }, 400, "missing closing )"],
    ["an end before its start", { startsAt: "2999-01-01T00:00:00Z" }, 400, "the end must be after the start"],
    ["an end that is past", { endsAt: "2001-01-01T00:00:00Z" }, 400, "that time is past"],
    ["too many days", { endsAt: "2026-12-24T00:00:00Z" }, 400, "90 days"],
    ["an id that is not there", { id: "0195c1a2-7b3c-7d4e-8f50-9a6b7c8d9e0f" }, 404, "the silence is not"],
    ["an id that is none", { id: "x" }, 404, "the silence is not"],
  ])("are refused as a JSON string with %s", async (_what, change, status, message) => {
    const answer = await messageOf(await postSilence(silencing(change)));
    expect(answer).toEqual([status, expect.stringContaining(message)]);
  });

  it("never hide production critical without an administrator, also when they are edited", async () => {
    await post(firing({ severity: "critical" }));
    const message = `it would hide "${name} fires", which is critical in production; only an administrator may do that`;
    expect(await messageOf(await postSilence(silencing()))).toEqual([400, message]);
    const admins = await read<{ silenceID: string }>(await postSilence(silencing(), server.admin));
    const id = admins.silenceID;
    expect((await listed())[0]?.status.silencedBy).toEqual([id]);
    const longer = silencing({ id, endsAt: at(2 * hour) });
    expect(await messageOf(await postSilence(longer))).toEqual([400, message]);
    expect((await listed())[0]?.status.silencedBy).toEqual([id]);
    expect(await messageOf(await postSilence(longer, server.admin))).toEqual([200, { silenceID: id }]);
  });

  it("keep to the scope of who edits and ends them", async () => {
    const id = await silence();
    const refused = [403, "this silence reaches further than you do; ask its author to end it"];
    expect(await messageOf(await postSilence(silencing({ id, comment: "mine" }), staging))).toEqual(refused);
    expect(await messageOf(await expire(id, staging))).toEqual(refused);
    const own = await read<{ silenceID: string }>(await postSilence(silencing(), staging));
    await post(firing());
    await expire(id);
    expect((await listed())[0]?.status.state).toBe("active");
    const edited = silencing({ id: own.silenceID, comment: "reworded" });
    const { silenceID } = await read<{ silenceID: string }>(await postSilence(edited));
    expect(
      (await read<{ environments: unknown }>(await ada.get(`/api/v1/silences/${silenceID}`))).environments,
    ).toEqual(["staging"]);
    expect((await listed())[0]?.status.state).toBe("active");
  });
});

describe("what clients ask besides", () => {
  it("is answered as by an Alertmanager without a cluster", async () => {
    const status = await read<object>(await ada.get(`${base}/api/v2/status`));
    expect(status).toMatchObject({
      cluster: { status: "disabled", peers: [] },
      versionInfo: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      config: { original: expect.stringContaining("receiver: quietwatch") },
    });
    expect(await read(await ada.get(`${base}/api/v2/receivers`))).toEqual([{ name: "quietwatch" }]);
    for (const path of ["/-/healthy", "/-/ready"]) {
      expect((await server.app.request(base + path)).status).toBe(200);
    }
  });

  it("is told in JSON strings what is not there or too large", async () => {
    expect(await messageOf(await ada.get(`${base}/api/v1/alerts`))).toEqual([404, expect.any(String)]);
    expect(await messageOf(await ada.get(`${base}/api/v2/silence/x`))).toEqual([404, expect.any(String)]);
    const large = await prometheus.post(`${base}/api/v2/alerts`, " ".repeat(10 * 1024 * 1024 + 1));
    expect(await messageOf(large)).toEqual([413, expect.stringContaining("at most 10485760 bytes")]);
  });

  it("keeps the good alerts of a request and says what is wrong with the others", async () => {
    const answer = await post(firing(), { labels: {} }, firing({ instance: "b" }));
    expect(await messageOf(answer)).toEqual([400, expect.stringContaining("1 not taken; alert 1: labels")]);
    expect(await listed()).toHaveLength(2);
  });
});
