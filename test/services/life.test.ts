import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wakeSnoozed } from "../../server/jobs/wake-snoozed.ts";
import type { Verdict } from "../../shared/group.ts";
import type { FunnelReport, GridReport } from "../../shared/report.ts";
import {
  act,
  type Client,
  done,
  emptyStore,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

const hour = 3_600_000;
const day = 24 * hour;

let server: TestServer;
let ada: Client;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.client("ada");
});

afterAll(() => server.close());

const named = (fields: Record<string, unknown> = {}) => ({
  rule: "life",
  title: "The same again",
  entities: [{ type: "host", value: `host-${crypto.randomUUID()}`, role: "target" }],
  ...fields,
});

async function group(fields: Record<string, unknown>): Promise<string> {
  const [id = ""] = await server.send(fields);
  return id;
}

describe("a group that was resolved", () => {
  it.each<[Verdict, number, "open" | "resolved"]>([
    ["true_positive", 1_000, "open"],
    ["undetermined", 1_000, "open"],
    ["false_positive", 1_000, "resolved"],
    ["benign_true_positive", 29 * day, "resolved"],
    ["false_positive", 31 * day, "open"],
  ])("as %s is, after %d ms and a new alert, %s; note and owner stay", async (verdict, ms, status) => {
    const alert = named();
    const id = await group(alert);
    await done(act(ada, id, "assign", { to: "grace" }));
    await done(act(ada, id, "resolve", { verdict, note: "my finding" }));
    const before = await server.detail(id);
    server.pass(ms);
    expect(await group(alert)).toBe(id);
    const after = await server.detail(id);
    const reopened = status === "open";
    expect(after).toMatchObject({ status, verdict, assignee: "grace", count: 2, notes: before.notes });
    expect(after.episode).toBe(reopened ? 2 : 1);
    expect(after.version).toBe(before.version + (reopened ? 1 : 0));
    expect(after.resolvedBy).toBe(reopened ? null : "ada");
  });

  it("as false comes back when it touches something new", async () => {
    const alert = { ...named(), dedupKey: crypto.randomUUID() };
    const id = await group(alert);
    await done(act(ada, id, "resolve", { verdict: "false_positive" }));
    server.pass(1_000);
    await group({ ...alert, entities: [{ type: "host", value: "another", role: "target" }] });
    expect(await server.detail(id)).toMatchObject({ status: "open", episode: 2 });
  });

  it("does not come back by an alert that was received before it was resolved", async () => {
    const alert = named();
    const id = await group(alert);
    const late = await server.admin.post("/api/v1/alerts", {
      ...alert,
      source: "probe",
      severity: "critical",
      environment: "production",
    });
    expect(late.status).toBe(202);
    server.pass(1_000);
    await done(act(ada, id, "resolve", { verdict: "true_positive" }));
    await server.triage();
    expect(await server.detail(id)).toMatchObject({ status: "resolved", episode: 1, count: 2 });
  });
});

describe("a snooze", () => {
  const wake = () => wakeSnoozed(server.deps);

  it("ends when its time has come, as what it was before", async () => {
    const [open, taken] = [await group(named()), await group(named())];
    await done(act(ada, taken, "acknowledge"));
    for (const id of [open, taken]) await done(act(ada, id, "snooze", { for: "1h30m" }));
    server.pass(1.5 * hour - 1);
    await wake();
    expect((await server.detail(open)).status).toBe("snoozed");
    server.pass(1);
    const before = await server.detail(open);
    await wake();
    expect(await server.detail(open)).toMatchObject({
      status: "open",
      snoozedUntil: null,
      version: before.version + 1,
    });
    expect(await server.detail(taken)).toMatchObject({ status: "acknowledged", acknowledgedBy: "ada" });
    const events = await read<{ items: { event: string; because: string }[] }>(
      await ada.get(`/api/v1/items/${open}/timeline`),
    );
    expect(events.items[0]).toMatchObject({ event: "woken", because: "Its snooze ended" });
    await wake();
    expect((await server.detail(open)).version).toBe(before.version + 1);
  });

  it("until a change sleeps through repeats and wakes by a rise", async () => {
    const alert = named({ severity: "medium" });
    const id = await group(alert);
    await done(act(ada, id, "snooze", { untilChange: true }));
    server.pass(80 * day);
    await wake();
    await group(alert);
    expect(await server.detail(id)).toMatchObject({ status: "snoozed", count: 2 });
    await group({ ...alert, severity: "critical" });
    expect(await server.detail(id)).toMatchObject({ status: "open", count: 3 });
  });

  it("counts repeats meanwhile and does not show them", async () => {
    const alert = named();
    const id = await group(alert);
    await done(act(ada, id, "snooze", { for: "90d" }));
    await group(alert);
    expect(await server.detail(id)).toMatchObject({ status: "snoozed", count: 2 });
    const { items } = await read<{ items: { id: string }[] }>(await ada.get("/api/v1/queue"));
    expect(items.map((one) => one.id)).not.toContain(id);
  });
});

describe("the reports", () => {
  const funnel = async (query = "", client = ada) =>
    read<FunnelReport>(await client.get(`/api/v1/reports/funnel?${query}`));

  it("give the figures that counting by hand gives", async () => {
    await emptyStore(server.store);
    // On the hour, because sums are kept by the hour.
    server.pass(hour - (server.now() % hour));
    const from = new Date(server.now()).toISOString();
    const [web, db, mail, low, staged] = [
      named(),
      named({ severity: "high", service: "db" }),
      named({ severity: "high" }),
      named({ severity: "low" }),
      named({ environment: "staging", severity: "high" }),
    ];
    const send = async (alert: Record<string, unknown>, times: number) => {
      const [id = ""] = await server.send(...new Array<typeof alert>(times).fill(alert));
      return id;
    };
    const ids = {
      web: await send(web, 3),
      db: await send(db, 2),
      mail: await send(mail, 1),
      low: await send(low, 4),
      staged: await send(staged, 5),
    };
    server.pass(hour);
    await done(act(ada, ids.web, "resolve", { verdict: "true_positive" }));
    await done(act(ada, ids.db, "acknowledge"));
    const taken = await done(act(ada, ids.mail, "annotate", { text: "never mind" }));
    expect(await outcome(await ada.post(`/api/v1/actions/${taken.actionId}/undo`))).toBe("200");
    await done(act(ada, ids.low, "assign", { to: "grace" }));
    server.pass(1_000);
    await send(web, 1);
    const to = new Date(server.now()).toISOString();
    // Shown: web, db and mail when they came, web again when it came back; low is P4, staged is hidden.
    expect(await funnel()).toMatchObject({
      ...{ received: 16, groups: 5, shown: 4, acted: 2, real: 0, hidden: 1 },
    });
    await done(act(ada, ids.web, "resolve", { verdict: "true_positive" }));
    expect(await funnel(`from=${from}&to=${to}`)).toEqual({
      ...{ from, to, received: 16, groups: 5, shown: 4, acted: 2, real: 1, hidden: 1 },
    });
    expect(await funnel("environment=staging")).toMatchObject({
      received: 5,
      groups: 1,
      shown: 0,
      hidden: 1,
    });
    expect(await funnel("service=db")).toMatchObject({ received: 2, groups: 1, shown: 1, acted: 1 });
    const earlier = new Date(Date.parse(from) - hour).toISOString();
    const before = new Date(Date.parse(from) - 1).toISOString();
    expect(await funnel(`from=${earlier}&to=${before}`)).toMatchObject({
      received: 0,
      groups: 0,
      shown: 0,
      acted: 0,
    });
    expect(await outcome(await ada.get("/api/v1/reports/funnel?from=yesterday"))).toBe("422 invalid");
  });

  it("show what is open by environment and severity", async () => {
    await emptyStore(server.store);
    await server.send(
      {},
      { severity: "high" },
      { severity: "high" },
      { severity: "info" },
      { environment: "staging" },
    );
    await server.send({ environment: "staging", severity: "low" }, { environment: "moon", severity: "low" });
    const [gone = "", taken = "", away = ""] = await server.send({}, {}, {});
    await done(act(ada, gone, "resolve", { verdict: "undetermined" }));
    await done(act(ada, taken, "acknowledge"));
    await done(act(ada, away, "snooze", { for: "1h" }));
    const { rows } = await read<GridReport>(await ada.get("/api/v1/reports/grid"));
    const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0, hidden: 0 };
    expect(rows).toEqual([
      { environment: "production", mapped: true, ...none, critical: 2, high: 2, info: 1 },
      { environment: "staging", mapped: true, ...none, critical: 1, hidden: 1 },
      { environment: "development", mapped: true, ...none },
      { environment: "test", mapped: true, ...none },
      { environment: "moon", mapped: false, ...none, low: 1 },
    ]);
  });
});

describe("an actor with environments and services", () => {
  it("sees and reports these and nothing else, in every answer", async () => {
    await emptyStore(server.store);
    const near = await server.client("near", { environments: ["staging"], services: ["shop", "bank"] });
    const alerts = ["production", "staging"].flatMap((environment) =>
      ["shop", "mail", undefined].map((service) => ({
        environment,
        ...(service && { service }),
        entities: [{ type: "host", value: "shared", role: "target" }],
      })),
    );
    const ids = await server.send(...alerts);
    const mine = ids[3] ?? "";
    const get = async <T>(path: string) => read<T>(await near.get(`/api/v1/${path}`));
    const { items, counts } = await get<{ items: { id: string }[]; counts: Record<string, number> }>("queue");
    expect(items.map(({ id }) => id)).toEqual([mine]);
    expect(Object.values(counts).reduce((sum, one) => sum + one, 0)).toBe(1);
    const named = await get<{ items: { id: string }[] }>("entities/host/shared");
    expect(named.items.map(({ id }) => id)).toEqual([mine]);
    expect(await get("reports/funnel")).toMatchObject({ received: 1, groups: 1 });
    const { rows } = await get<GridReport>("reports/grid");
    expect(rows).toMatchObject([{ environment: "staging", critical: 1 }]);
    for (const id of ids) {
      const expected = id === mine ? "200" : "404 not_found";
      for (const path of ["", "/timeline", "/alerts"]) {
        expect(await outcome(await near.get(`/api/v1/items/${id}${path}`))).toBe(expected);
      }
      const all = await read<{ items: { id: string }[] }>(await ada.get(`/api/v1/groups/${id}/alerts`));
      const alert = all.items[0]?.id;
      expect(await outcome(await near.get(`/api/v1/alerts/${alert}`))).toBe(expected);
      expect(await outcome(await near.get(`/api/v1/alerts/${alert}/original`))).toBe(expected);
    }
  });
});
