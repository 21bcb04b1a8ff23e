import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ActionName, BulkAnswer, UndoAnswer } from "../../shared/actions.ts";
import type { Item, TimelineEntry } from "../../shared/group.ts";
import type { Page } from "../../shared/queue.ts";
import {
  act,
  alertOf,
  type Client,
  done,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

let server: TestServer;
let ada: Client;
let grace: Client;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.client("ada");
  grace = await server.client("grace");
});

afterAll(() => server.close());

const host = () => ({
  entities: [{ type: "host", value: `host-${crypto.randomUUID()}`, role: "target" }],
  rule: "undo",
});

async function group(fields: Record<string, unknown> = {}): Promise<string> {
  const [id = ""] = await server.send(fields);
  return id;
}

const undo = (client: Client, actionId: string) => client.post(`/api/v1/actions/${actionId}/undo`);

const people = [
  ...[
    "status",
    "assignee",
    "acknowledgedBy",
    "acknowledgedAt",
    "snoozedUntil",
    "verdict",
    "noteCount",
    "hidden",
  ],
  ...["verdictReason", "resolvedBy", "resolvedAt", "notes", "band", "score"],
];

const pick = (item: object) =>
  Object.fromEntries(Object.entries(item).filter(([name]) => people.includes(name)));

async function timeline(client: Client, id: string): Promise<TimelineEntry[]> {
  return (await read<Page<TimelineEntry>>(await client.get(`/api/v1/items/${id}/timeline`))).items;
}

describe("undo", () => {
  it.each<[ActionName, Record<string, unknown>, ([ActionName, Record<string, unknown>] | undefined)?]>([
    ["acknowledge", {}],
    ["acknowledge", {}, ["snooze", { until: "2026-04-01T00:00:00.123Z" }]],
    ["annotate", { text: "a thought" }],
    ["snooze", { for: "2h" }],
    ["snooze", { untilChange: true }, ["acknowledge", {}]],
    ["resolve", { verdict: "true_positive", reason: "seen it", note: "done" }],
    ["resolve", { verdict: "false_positive" }, ["resolve", { verdict: "true_positive", reason: "first" }]],
    ["assign", { to: "somebody" }],
    ["assign", { to: null }, ["assign", { to: "somebody" }]],
    ["escalate", { to: "others", note: "help" }, ["acknowledge", {}]],
    ["reopen", {}, ["resolve", { verdict: "benign_true_positive", reason: "a test" }]],
  ])("puts back exactly what %s %j changed", async (verb, input, first) => {
    const id = await group();
    if (first !== undefined) await done(act(grace, id, ...first));
    const before = await server.detail(id);
    server.pass(1_000);
    const { actionId } = await done(act(ada, id, verb, input));
    server.pass(1_000);
    const answer = await read<UndoAnswer>(await undo(ada, actionId));
    const after = await server.detail(id);
    expect(pick(after)).toEqual(pick(before));
    expect(after.version).toBe(before.version + 2);
    expect(answer).toMatchObject({ actionId, items: [{ id, version: after.version }] });
    const { rows } = await server.store.pool.query(
      "select action_id, details from audit where item_id = $1 and verb = 'undo'",
      [id],
    );
    expect(rows).toEqual([{ action_id: actionId, details: { undoes: actionId } }]);
  });

  it("hides the note, which stays in the timeline as taken back", async () => {
    const id = await group();
    server.pass(1_000);
    const { actionId } = await done(act(ada, id, "annotate", { text: "hasty words" }));
    server.pass(1_000);
    await undo(ada, actionId);
    expect(await server.detail(id)).toMatchObject({ notes: [], noteCount: 0 });
    const [undone, annotated, created] = await timeline(ada, id);
    expect(undone).toMatchObject({ event: "undo", actor: "ada", undone: false, actionId: null });
    expect(annotated).toMatchObject({
      event: "annotate",
      because: "hasty words",
      undone: true,
      actionId: null,
    });
    expect(created).toMatchObject({ event: "created", actor: "quietwatch", actionId: null });
  });

  it("is offered in the timeline to whoever acted, while there is time", async () => {
    const id = await group();
    const { actionId } = await done(act(ada, id, "acknowledge"));
    expect((await timeline(ada, id)).find(({ event }) => event === "acknowledge")?.actionId).toBe(actionId);
    expect((await timeline(grace, id)).find(({ event }) => event === "acknowledge")?.actionId).toBeNull();
    server.pass(5 * 60_000 + 1);
    expect((await timeline(ada, id)).find(({ event }) => event === "acknowledge")?.actionId).toBeNull();
  });

  it("works for five minutes to the millisecond", async () => {
    const [id, other] = [await group(), await group()];
    const one = await done(act(ada, id, "acknowledge"));
    const two = await done(act(ada, other, "acknowledge"));
    server.pass(5 * 60_000);
    expect(await outcome(await undo(ada, one.actionId))).toBe("200");
    server.pass(1);
    expect(await outcome(await undo(ada, two.actionId))).toBe("409 undo_expired");
    expect((await server.detail(other)).status).toBe("acknowledged");
  });

  it("is once, and of two at once one succeeds", async () => {
    const id = await group();
    const { actionId } = await done(act(ada, id, "annotate", { text: "x" }));
    const answers = await Promise.all([undo(ada, actionId), undo(ada, actionId)]);
    expect((await Promise.all(answers.map(outcome))).sort()).toEqual(["200", "409 conflict"]);
    expect(await outcome(await undo(ada, actionId))).toBe("409 conflict");
    expect((await server.detail(id)).noteCount).toBe(0);
  });

  it("repeated under its idempotency key gives the first answer", async () => {
    const id = await group();
    const { actionId } = await done(act(ada, id, "acknowledge"));
    const send = () => ada.post(`/api/v1/actions/${actionId}/undo`, {}, { "Idempotency-Key": actionId });
    const first = await read(await send());
    expect(await read(await send())).toEqual(first);
  });

  it("is for one's own actions, with the scope to act, and of what is there", async () => {
    const id = await group();
    const { actionId } = await done(act(ada, id, "acknowledge"));
    const viewer = await server.client("viewer", { scopes: ["queue:read"] });
    expect(await outcome(await undo(grace, actionId))).toBe("403 not_allowed");
    expect(await outcome(await undo(viewer, actionId))).toBe("403 not_allowed");
    expect(await outcome(await undo(ada, crypto.randomUUID()))).toBe("404 not_found");
    expect(await outcome(await undo(ada, "not-an-id"))).toBe("422 invalid");
    expect((await server.detail(id)).status).toBe("acknowledged");
  });

  it("yields to a person's later change of the same fields, until that is taken back", async () => {
    const id = await group();
    const mine = await done(act(ada, id, "assign", { to: "ada" }));
    server.pass(1_000);
    const theirs = await done(act(grace, id, "assign", { to: "grace" }));
    const refused = await undo(ada, mine.actionId);
    expect(await errorOf(refused)).toMatchObject({ code: "changed_since" });
    expect((await server.detail(id)).assignee).toBe("grace");
    await undo(grace, theirs.actionId);
    expect(await outcome(await undo(ada, mine.actionId))).toBe("200");
    expect((await server.detail(id)).assignee).toBeNull();
  });

  it("does not yield to a person's later change of other fields", async () => {
    const id = await group();
    const mine = await done(act(ada, id, "assign", { to: "ada" }));
    await done(act(grace, id, "snooze", { for: "1h" }));
    await done(act(grace, id, "annotate", { text: "later" }));
    expect(await outcome(await undo(ada, mine.actionId))).toBe("200");
    expect(await server.detail(id)).toMatchObject({ assignee: null, status: "snoozed", noteCount: 1 });
  });

  it("leaves what happened after a person acted as it is: a note of another stays", async () => {
    const id = await group();
    const mine = await done(act(ada, id, "annotate", { text: "mine" }));
    await done(act(grace, id, "annotate", { text: "theirs" }));
    await undo(ada, mine.actionId);
    expect(await server.detail(id)).toMatchObject({ noteCount: 1, notes: [{ text: "theirs" }] });
  });
});

describe("a new alert never stands in the way of undo", () => {
  it("when it only repeats", async () => {
    const alert = host();
    const id = await group(alert);
    const { actionId } = await done(act(ada, id, "acknowledge"));
    await group(alert);
    expect(await outcome(await undo(ada, actionId))).toBe("200");
    expect(await server.detail(id)).toMatchObject({ status: "open", acknowledgedBy: null, count: 2 });
  });

  it("when it reopened what was resolved", async () => {
    const alert = host();
    const id = await group(alert);
    const { actionId } = await done(act(ada, id, "resolve", { verdict: "true_positive", note: "oops" }));
    server.pass(1_000);
    await group(alert);
    expect(await server.detail(id)).toMatchObject({ status: "open", episode: 2 });
    expect(await outcome(await undo(ada, actionId))).toBe("200");
    expect(await server.detail(id)).toMatchObject({
      ...{ status: "open", episode: 2, verdict: null, resolvedBy: null, resolvedAt: null, noteCount: 0 },
    });
  });

  it("when it woke what was snoozed until a change", async () => {
    const alert = host();
    const id = await group({ ...alert, severity: "high" });
    const { actionId } = await done(act(ada, id, "snooze", { untilChange: true }));
    await group(alert);
    expect((await server.detail(id)).status).toBe("open");
    expect(await outcome(await undo(ada, actionId))).toBe("200");
    expect(await server.detail(id)).toMatchObject({ status: "open", snoozedUntil: null });
  });

  it("and what cleared by itself meanwhile stays resolved", async () => {
    const alert = { ...host(), severity: "medium" };
    const id = await group(alert);
    const { actionId } = await done(act(ada, id, "acknowledge"));
    server.pass(1_000);
    await group({ ...alert, status: "resolved" });
    expect(await server.detail(id)).toMatchObject({ cleared: true, status: "resolved" });
    expect(await outcome(await undo(ada, actionId))).toBe("200");
    expect(await server.detail(id)).toMatchObject({
      status: "resolved",
      acknowledgedBy: null,
      assignee: null,
    });
  });
});

describe("one action on many items", () => {
  const bulk = (client: Client, body: Record<string, unknown>) => client.post("/api/v1/items/bulk", body);

  it("succeeds or is refused for each, and one undo takes back what succeeded", async () => {
    const ids = await server.send({}, {}, {}, { environment: "staging" });
    const [first = "", second = "", taken = "", far = ""] = ids;
    const near = await server.client("near", { environments: ["production"] });
    await done(act(grace, taken, "acknowledge"));
    const nobody = crypto.randomUUID();
    const wanted = [second, taken, first, far, nobody, second];
    const answer = await read<BulkAnswer>(await bulk(near, { ids: wanted, action: "acknowledge" }));
    expect(answer.results).toEqual([
      { id: second, ok: true, version: 2 },
      { id: taken, ok: false, error: { code: "conflict", message: "grace acknowledged it already" } },
      { id: first, ok: true, version: 2 },
      { id: far, ok: false, error: { code: "not_found", message: expect.any(String) } },
      { id: nobody, ok: false, error: { code: "not_found", message: expect.any(String) } },
    ]);
    const { items } = await read<UndoAnswer>(await undo(near, answer.actionId));
    expect(items.map(({ id, status }) => [id, status]).sort()).toEqual(
      [first, second].sort().map((id) => [id, "open"]),
    );
    expect((await server.detail(taken)).status).toBe("acknowledged");
  });

  it("takes 500 at once and no more, in one change", async () => {
    const alerts = Array.from({ length: 500 }, (_, i) => ({ rule: `bulk-${i}`, severity: "low" }));
    const ids = await server.send(...alerts);
    const input = { verdict: "benign_true_positive", note: "the deploy" };
    const { results, actionId } = await read<BulkAnswer>(await bulk(ada, { ids, action: "resolve", input }));
    expect(results.filter(({ ok }) => ok)).toHaveLength(500);
    const { items } = await read<UndoAnswer>(await undo(ada, actionId));
    expect(items.every(({ status, noteCount }) => status === "open" && noteCount === 0)).toBe(true);
    const tooMany = await errorOf(await bulk(ada, { ids: [...ids, crypto.randomUUID()], action: "reopen" }));
    expect(tooMany).toMatchObject({ code: "invalid", issues: [{ path: "ids" }] });
  });

  it("is refused as a whole when the input is not the action's, and without scope", async () => {
    const ids = await server.send({});
    const viewer = await server.client("viewer", { scopes: ["queue:read"] });
    expect(await outcome(await bulk(ada, { ids, action: "resolve" }))).toBe("422 invalid");
    expect(await outcome(await bulk(ada, { ids, action: "delete" }))).toBe("422 invalid");
    expect(await outcome(await bulk(ada, { ids: [], action: "reopen" }))).toBe("422 invalid");
    expect(await outcome(await bulk(ada, { ids: ["1"], action: "reopen" }))).toBe("422 invalid");
    expect(await outcome(await bulk(ada, { ids, action: "annotate", input: { text: "\u0000" } }))).toBe(
      "422 nul_character",
    );
    expect(await outcome(await bulk(viewer, { ids, action: "acknowledge" }))).toBe("403 not_allowed");
  });

  it("never waits in a circle with another one, or with triage", async () => {
    const alerts = Array.from({ length: 20 }, (_, i) => alertOf({ rule: `circle-${i}` }));
    const ids = await server.send(...alerts);
    // Triage takes the lock of the last item first, and the bulks that of the first.
    const last = alerts[ids.indexOf([...ids].sort().at(-1) ?? "")] ?? {};
    for (let round = 0; round < 5; round += 1) {
      const body = { ids, action: "annotate", input: { text: `round ${round}` } };
      const reversed = { ...body, ids: [...ids].reverse() };
      const answers = Promise.all([bulk(ada, body), bulk(grace, reversed)]);
      for (let i = 0; i < 5; i += 1) {
        expect((await server.admin.post("/api/v1/alerts", last)).status).toBe(202);
        await server.triage();
      }
      expect(await Promise.all((await answers).map(outcome))).toEqual(["200", "200"]);
    }
    const items = await Promise.all(ids.map(server.detail));
    expect(items.map(({ noteCount }) => noteCount)).toEqual(new Array(20).fill(10));
    expect(items.reduce((sum, { count }) => sum + count, 0)).toBe(20 + 25);
  });
});

describe("an action on a roll-up", () => {
  /** Roll-ups are made by hand here: nothing joins groups yet. */
  async function rollUp(members: string[]): Promise<string> {
    const id = crypto.randomUUID();
    const { pool } = server.store;
    await pool.query(
      `insert into item select (jsonb_populate_record(i, jsonb_build_object('id', $1::text, 'kind', 'rollup',
        'fingerprint', null, 'memory', null, 'member_count', $2::int))).* from item i where id = $3`,
      [id, members.length, members[0]],
    );
    await pool.query("update item set rollup_id = $1 where id = any($2::uuid[])", [id, members]);
    return id;
  }

  const stateOf = async (ids: string[]) =>
    Promise.all(ids.map(async (id) => (await server.detail(id)).status));

  it("takes its members along, and undo brings all back", async () => {
    const members = await server.send({}, {}, {});
    const id = await rollUp(members);
    const { actionId, item } = await done(
      act(ada, id, "resolve", { verdict: "true_positive", note: "one cause" }),
    );
    expect(item).toMatchObject({ id, kind: "rollup", status: "resolved" });
    expect(await stateOf(members)).toEqual(["resolved", "resolved", "resolved"]);
    expect((await server.detail(members[0] ?? "")).notes).toMatchObject([{ text: "one cause" }]);
    const { items } = await read<UndoAnswer>(await undo(ada, actionId));
    expect(items).toHaveLength(4);
    expect(await stateOf([id, ...members])).toEqual(["open", "open", "open", "open"]);
  });

  it("leaves members that are where it leads already", async () => {
    const members = await server.send({}, {});
    const [mine = "", other = ""] = members;
    const id = await rollUp(members);
    await done(act(grace, mine, "acknowledge"));
    await done(act(ada, id, "acknowledge"));
    expect((await server.detail(mine)).acknowledgedBy).toBe("grace");
    expect((await server.detail(other)).acknowledgedBy).toBe("ada");
  });

  it("reaches a member that is named beside it once", async () => {
    const members = await server.send({}, {});
    const id = await rollUp(members);
    const body = { ids: [members[0], id, members[1]], action: "annotate", input: { text: "once" } };
    const { results } = await read<BulkAnswer>(await ada.post("/api/v1/items/bulk", body));
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    for (const one of [id, ...members]) expect((await server.detail(one)).noteCount).toBe(1);
  });

  it("stands in the queue for its members, which a flat queue lists", async () => {
    const members = await server.send({ source: "rolled" }, { source: "rolled" });
    const id = await rollUp(members);
    const list = async (query: string) =>
      (await read<{ items: Item[] }>(await ada.get(`/api/v1/queue?source=rolled${query}`))).items.map(
        (one) => one.id,
      );
    expect(await list("")).toEqual([id]);
    expect((await list("&flat=true")).sort()).toEqual([...members].sort());
  });
});
