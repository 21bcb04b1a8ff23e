import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keepSilences } from "../../server/jobs/keep-silences.ts";
import { hideExisting } from "../../server/services/silences/hide-existing.ts";
import { moveSilences } from "../../server/services/silences/move-silences.ts";
import { sweepSilences } from "../../server/services/silences/sweep-silences.ts";
import type { Page, QueueAnswer } from "../../shared/queue.ts";
import type { Silence } from "../../shared/silence.ts";
import {
  act,
  type Client,
  done,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
  until,
} from "../support/test-server.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let server: TestServer;
let ada: Client;
let viewer: Client;
let staging: Client;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.client("ada");
  viewer = await server.client("viewer", { scopes: ["queue:read"] });
  staging = await server.client("staging", { environments: ["staging"] });
});

afterAll(() => server.close());

const path = "/api/v1/silences";
const at = (ms: number) => new Date(server.now() + ms).toISOString();
const keep = () => keepSilences(server.deps);
const remove = (client: Client, id: string) =>
  server.app.request(`${path}/${id}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${client.token}` },
  });

let rule = "";
beforeEach(() => {
  rule = `rule-${crypto.randomUUID()}`;
});

/** A request to silence the rule of this test for an hour. */
const asking = (change: Record<string, unknown> = {}) => ({
  reason: "The nightly rebuild",
  matchers: [{ name: "rule", value: rule }],
  endsAt: at(hour),
  ...change,
});

async function made(client: Client, change: Record<string, unknown> = {}): Promise<Silence> {
  const answer = await client.post(path, asking(change));
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  return read(answer);
}

const show = async (id: string, client = ada) => read<Silence>(await client.get(`${path}/${id}`));

async function group(fields: Record<string, unknown> = {}): Promise<string> {
  const [id = ""] = await server.send({ rule, severity: "high", ...fields });
  return id;
}

async function story(id: string): Promise<[string, string][]> {
  const { items } = await read<Page<{ event: string; because: string }>>(
    await ada.get(`/api/v1/items/${id}/timeline`),
  );
  return items.map(({ event, because }) => [event, because]);
}

async function audited(silence: string): Promise<{ verb: string; actor: string; details: object }[]> {
  const { rows } = await server.store.pool.query(
    "select verb, actor_name as actor, details from audit where details ->> 'silence' = $1 order by id",
    [silence],
  );
  return rows;
}

describe("making a silence", () => {
  it("hides the groups that are there and those that come, says so and is audited", async () => {
    const there = await group();
    const before = await server.detail(there);
    server.pass(1);
    const { id, ...silence } = await made(ada);
    expect(silence).toEqual({
      state: "active",
      reason: "The nightly rebuild",
      author: "ada",
      createdBy: null,
      matchers: [{ name: "rule", value: rule, isRegex: false, isEqual: true }],
      environments: null,
      services: null,
      overCritical: false,
      startsAt: at(0),
      endsAt: at(hour),
      createdAt: at(0),
      updatedAt: at(0),
      endedAt: null,
      endedBy: null,
      hides: 1,
    });
    const hidden = { by: "silence", id, because: "The nightly rebuild (ada)" };
    expect(await server.detail(there)).toMatchObject({
      hidden,
      version: before.version + 1,
      band: before.band,
    });
    expect((await story(there))[0]).toEqual(["hidden", hidden.because]);
    const fresh = await group({ entities: [{ type: "host", value: "another", role: "target" }] });
    expect(await server.detail(fresh)).toMatchObject({ hidden, version: 1 });
    expect(await group()).toBe(there);
    expect(await server.detail(there)).toMatchObject({ hidden, count: 2, version: before.version + 1 });
    expect((await show(id)).hides).toBe(2);
    const { items } = await read<QueueAnswer>(await ada.get(`/api/v1/queue?q=${rule}`));
    expect(items).toEqual([]);
    expect(await audited(id)).toMatchObject([
      { verb: "silence.create", actor: "ada", details: { reason: "The nightly rebuild", endsAt: at(hour) } },
    ]);
  });

  it("leaves alone what is resolved, what differs, and what people decided", async () => {
    const [taken, solved] = [await group(), await group({ environment: "moon" })];
    await done(act(ada, taken, "acknowledge"));
    await done(act(ada, solved, "resolve", { verdict: "true_positive" }));
    const other = await group({ rule: `${rule}-2` });
    const { hides } = await made(ada);
    expect(hides).toBe(1);
    expect(await server.detail(taken)).toMatchObject({ hidden: { by: "silence" }, status: "acknowledged" });
    expect([(await server.detail(solved)).hidden, (await server.detail(other)).hidden]).toEqual([null, null]);
    await group({ environment: "moon" });
    server.pass(1);
    await group({ environment: "moon" });
    expect(await server.detail(solved)).toMatchObject({ status: "open", hidden: { by: "silence" } });
  });

  it("matches labels and fields by patterns too", async () => {
    const id = await group({ labels: { job: "mail-1" }, title: "Relay slow" });
    const all = (matchers: object[]) => made(ada, { matchers: [{ name: "rule", value: rule }, ...matchers] });
    for (const [matchers, hides] of [
      [[{ name: "job", value: "mail", isRegex: true }], 0],
      [
        [
          { name: "job", value: "mail-.", isRegex: true },
          { name: "severity", value: "low" },
        ],
        0,
      ],
      [
        [
          { name: "job", value: "mail-.", isRegex: true },
          { name: "title", value: "Relay slow" },
        ],
        1,
      ],
    ] as const) {
      expect((await all([...matchers])).hides).toBe(hides);
    }
    expect((await server.detail(id)).hidden?.by).toBe("silence");
  });

  it("is done once for an idempotency key", async () => {
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const [one, two] = await Promise.all([ada.post(path, asking(), key), ada.post(path, asking(), key)]);
    expect((await read<Silence>(one)).id).toBe((await read<Silence>(two)).id);
    expect(await outcome(await ada.post(path, asking({ reason: "Another" }), key))).toBe("422 key_reused");
  });

  it.each<[string, () => Record<string, unknown>, string]>([
    ["no reason", () => ({ reason: " " }), "reason"],
    ["no end", () => ({ endsAt: undefined }), "endsAt"],
    ["an end that is past", () => ({ endsAt: at(0) }), "endsAt: that time is past"],
    [
      "an end before the start",
      () => ({ startsAt: at(2 * hour) }),
      "endsAt: the end must be after the start",
    ],
    ["more than 90 days", () => ({ endsAt: at(90 * day + 1) }), "endsAt: at most 90 days after the start"],
    ["no matcher", () => ({ matchers: [] }), "matchers"],
    [
      "matchers for anything",
      () => ({
        matchers: [
          { name: "job", value: "" },
          { name: "rule", value: ".*", isRegex: true },
        ],
      }),
      "matchers: at least one matcher must not match the empty string",
    ],
    [
      "a broken pattern",
      () => ({ matchers: [{ name: "rule", value: "(", isRegex: true }] }),
      "matchers.0.value",
    ],
    [
      "a huge pattern",
      () => ({ matchers: [{ name: "rule", value: "a".repeat(513), isRegex: true }] }),
      "matchers.0.value: a regular expression may have at most 512 characters",
    ],
    ["33 matchers", () => ({ matchers: new Array(33).fill({ name: "a", value: "b" }) }), "matchers"],
    ["half a character", () => ({ reason: "\ud800" }), "reason"],
    ["a NUL in a matcher", () => ({ matchers: [{ name: "a", value: "\0" }] }), "matchers: a NUL"],
  ])("is refused with %s", async (_what, change, message) => {
    const answer = await ada.post(path, asking(change()));
    expect(answer.status).toBe(422);
    expect((await errorOf(answer)).message).toContain(message);
  });

  it("takes the scope to act; seeing takes that to read", async () => {
    expect(await outcome(await viewer.post(path, asking()))).toBe("403 not_allowed");
    const { id } = await made(ada);
    expect(await outcome(await remove(viewer, id))).toBe("403 not_allowed");
    expect((await show(id, viewer)).id).toBe(id);
    const detector = await server.client("detector", { scopes: ["alerts:write"] });
    expect(await outcome(await detector.get(path))).toBe("403 not_allowed");
    expect(await outcome(await detector.get(`${path}/${id}`))).toBe("403 not_allowed");
  });
});

describe("production critical", () => {
  it("is silenced by an administrator only, who is named", async () => {
    const id = await group({ severity: "critical", title: "Keys stolen" });
    const refused = await ada.post(path, asking());
    expect(refused.status).toBe(403);
    expect((await errorOf(refused)).message).toBe(
      'it would hide "Keys stolen", which is critical in production; only an administrator may do that',
    );
    expect((await server.detail(id)).hidden).toBeNull();
    const silence = await made(server.admin);
    expect(silence).toMatchObject({ overCritical: true, hides: 1 });
    expect((await server.detail(id)).hidden).toMatchObject({ id: silence.id });
  });

  it("shows although a silence was there before it", async () => {
    const id = await group();
    await made(ada);
    expect((await server.detail(id)).hidden).not.toBeNull();
    await group({ severity: "critical" });
    expect(await server.detail(id)).toMatchObject({ hidden: null, severity: "critical" });
    expect((await story(id)).map(([event]) => event)).toContain("shown");
  });

  it("that is resolved stands against no silence", async () => {
    const id = await group({ severity: "critical" });
    await done(act(ada, id, "resolve", { verdict: "false_positive" }));
    await made(ada);
    expect((await server.detail(id)).hidden).toBeNull();
  });
});

describe("the reach of a silence", () => {
  it("is its author's, whatever it matches", async () => {
    const mine = await group({ environment: "staging", severity: "critical" });
    const theirs = await group();
    const { id, environments } = await made(staging);
    expect(environments).toEqual(["staging"]);
    expect((await server.detail(mine)).hidden).toMatchObject({ by: "silence", id });
    expect((await server.detail(theirs)).hidden).toBeNull();
    await group();
    expect((await server.detail(theirs)).hidden).toBeNull();
  });

  it("lets others see it where it may hide something of theirs, and end it where they reach as far", async () => {
    const moon = await server.client("moon", { environments: ["moon"] });
    const wide = await made(ada);
    const narrow = await made(staging);
    expect((await show(wide.id, staging)).id).toBe(wide.id);
    expect(await outcome(await moon.get(`${path}/${narrow.id}`))).toBe("404 not_found");
    const { items } = await read<Page<Silence>>(await moon.get(`${path}?limit=200`));
    expect(items.map(({ id }) => id)).toContain(wide.id);
    expect(items.map(({ id }) => id)).not.toContain(narrow.id);
    expect(await outcome(await remove(moon, narrow.id))).toBe("404 not_found");
    expect(await outcome(await remove(staging, wide.id))).toBe("403 not_allowed");
    expect((await show(wide.id)).state).toBe("active");
    expect((await remove(staging, narrow.id)).status).toBe(204);
    expect((await remove(ada, wide.id)).status).toBe(204);
  });

  it("keeps groups out of sight out of its count", async () => {
    await group();
    await group({ environment: "staging", severity: "critical" });
    const { id } = await made(ada);
    expect((await show(id)).hides).toBe(2);
    expect((await show(id, staging)).hides).toBe(1);
  });
});

describe("ending a silence", () => {
  it("shows at once what it hid, says who did it, and changes nothing a second time", async () => {
    const group1 = await group();
    const { id } = await made(ada);
    const { version } = await server.detail(group1);
    server.pass(minute);
    expect((await remove(ada, id)).status).toBe(204);
    expect(await server.detail(group1)).toMatchObject({ hidden: null, version: version + 1 });
    expect((await story(group1))[0]).toEqual(["shown", "ada ended its silence: The nightly rebuild"]);
    const ended = { state: "ended", endedBy: "ada", endedAt: at(0), endsAt: at(0), hides: 0 };
    expect(await show(id)).toMatchObject(ended);
    server.pass(minute);
    expect((await remove(server.admin, id)).status).toBe(204);
    expect(await show(id)).toMatchObject({ endedBy: "ada", endedAt: ended.endedAt });
    expect((await audited(id)).map(({ verb }) => verb)).toEqual(["silence.create", "silence.expire"]);
    await group();
    expect((await server.detail(group1)).hidden).toBeNull();
  });

  it("of what is not there is not found", async () => {
    const none = "0195c1a2-7b3c-7d4e-8f50-9a6b7c8d9e0f";
    expect(await outcome(await remove(ada, none))).toBe("404 not_found");
    expect(await outcome(await ada.get(`${path}/${none}`))).toBe("404 not_found");
    expect(await outcome(await ada.get(`${path}/nothing`))).toBe("422 invalid");
  });

  it("leaves hidden what another silence or the policy hides", async () => {
    const low = await group({ environment: "staging", severity: "low" });
    const high = await group();
    const [one, two] = [await made(ada), await made(ada, { reason: "Another" })];
    expect((await server.detail(high)).hidden?.id).toBe(one.id);
    expect([(await show(one.id)).hides, (await show(two.id)).hides]).toEqual([2, 0]);
    await remove(ada, one.id);
    expect((await server.detail(high)).hidden).toMatchObject({ id: two.id, because: "Another (ada)" });
    await remove(ada, two.id);
    expect((await server.detail(high)).hidden).toBeNull();
    expect((await server.detail(low)).hidden).toMatchObject({ by: "policy" });
    expect((await story(low)).map(([event]) => event)).toEqual(["created"]);
  });
});

describe("the time of a silence", () => {
  it("begins and ends by itself", async () => {
    const id = await group();
    const silence = await made(ada, { startsAt: at(10 * minute) });
    expect(silence).toMatchObject({ state: "pending", hides: 0 });
    await keep();
    expect((await server.detail(id)).hidden).toBeNull();
    server.pass(10 * minute);
    await keep();
    expect(await show(silence.id)).toMatchObject({ state: "active", hides: 1 });
    expect((await server.detail(id)).hidden).toMatchObject({ id: silence.id });
    server.pass(50 * minute - 1);
    await keep();
    expect((await show(silence.id)).state).toBe("active");
    server.pass(1);
    await keep();
    expect(await show(silence.id)).toMatchObject({ state: "ended", endedBy: null, endedAt: null, hides: 0 });
    expect((await server.detail(id)).hidden).toBeNull();
    expect((await story(id))[0]).toEqual(["shown", "Its silence is over: The nightly rebuild"]);
  });

  it("that passed while nobody looked hides nothing", async () => {
    const id = await group();
    const { version } = await server.detail(id);
    const silence = await made(ada, { startsAt: at(minute), endsAt: at(2 * minute) });
    server.pass(hour);
    await keep();
    expect((await show(silence.id)).state).toBe("ended");
    expect(await server.detail(id)).toMatchObject({ hidden: null, version });
  });

  it("can be ended before it began", async () => {
    const { id } = await made(ada, { startsAt: at(minute) });
    expect((await remove(ada, id)).status).toBe(204);
    server.pass(2 * minute);
    await keep();
    expect((await show(id)).state).toBe("ended");
  });
});

describe("many groups", () => {
  const many = 1_100;

  /** The job goes on until the silence hides so many. */
  const keptUntil = (id: string, hides: number) =>
    until(async () => {
      await keep();
      return (await show(id)).hides === hides ? true : null;
    }, 25_000);

  it("are hidden and shown in bounded steps, however many look through them at once", async () => {
    const alerts = Array.from({ length: many }, (_, i) => ({
      rule,
      severity: "high",
      entities: [{ type: "host", value: `host-${i}`, role: "target" }],
    }));
    expect(new Set(await server.send(...alerts)).size).toBe(many);
    const parts = { db: server.store.db, policy: server.deps.policy(), now: server.now() };
    const { id } = await made(ada, { startsAt: at(minute) });
    server.pass(minute);
    expect(await moveSilences(server.store.db, new Date(server.now()))).toBe(true);
    expect((await show(id)).hides).toBe(0);
    expect(await hideExisting(parts.db, { ...parts, id })).toBe(true);
    expect((await show(id)).hides).toBeLessThanOrEqual(250);
    await Promise.all([sweepSilences(parts), sweepSilences(parts)]);
    await keptUntil(id, many);
    const { rows } = await server.store.pool.query(
      "select count(*)::int as events from item_event where because = $1 and item_id in (select id from item where rule = $2)",
      ["The nightly rebuild (ada)", rule],
    );
    expect(rows[0].events).toBe(many);
    await remove(ada, id);
    expect((await show(id)).state).toBe("ended");
    await keptUntil(id, 0);
  });

  it("are missed by no silence that is made while they arrive", async () => {
    const sent: string[] = [];
    const client = await server.client("flood", { scopes: ["alerts:write"] });
    const sending = (async () => {
      for (let i = 0; i < 30; i += 1) {
        const entities = [{ type: "host", value: `host-${i}`, role: "target" }];
        const alert = { source: "probe", title: "t", severity: "high", environment: "production" };
        await client.post("/api/v1/alerts", [{ ...alert, rule, entities }]);
        await server.triage();
        sent.push(rule);
      }
    })();
    while (sent.length < 8) await new Promise((resolve) => setTimeout(resolve, 1));
    const { id } = await made(ada);
    await sending;
    await keep();
    expect((await show(id)).hides).toBe(30);
  });
});

describe("the list of silences", () => {
  it("comes newest first in pages, by state", async () => {
    const ids: string[] = [];
    for (const change of [{}, { startsAt: at(minute) }, {}]) {
      server.pass(1);
      ids.unshift((await made(ada, change)).id);
    }
    await remove(ada, ids[2] ?? "");
    const list = async (query: string) => read<Page<Silence>>(await ada.get(`${path}?${query}`));
    const first = await list("limit=2");
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const second = await list(`limit=2&cursor=${first.next}`);
    expect(second.items[0]?.id).toBe(ids[2]);
    const states = async (query: string) => new Set((await list(query)).items.map(({ state }) => state));
    expect(await states("state=pending&limit=200")).toEqual(new Set(["pending"]));
    expect(await states("state=active&state=ended&limit=200")).toEqual(new Set(["active", "ended"]));
    expect(await outcome(await ada.get(`${path}?state=gone`))).toBe("422 invalid");
  });

  it("has an end: more than a thousand at once are refused", async () => {
    await server.store.pool.query(
      `insert into silence (id, dialect, matchers, reason, author_id, author, over_critical, starts_at, ends_at,
         created_at, updated_at, phase)
       select gen_random_uuid(), 'own', '[{"name":"a","value":"b","isRegex":false,"isEqual":true}]', 'r', 'x', 'x',
         false, now() + interval '99 years', now() + interval '99 years 1 day', now(), now(), 'pending'
       from generate_series(1, 1000)`,
    );
    expect(await outcome(await ada.post(path, asking()))).toBe("409 conflict");
  });
});
