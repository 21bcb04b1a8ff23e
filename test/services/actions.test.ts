import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ActionName } from "../../shared/actions.ts";
import {
  act,
  type Client,
  done,
  errorOf,
  outcome,
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

async function group(fields: Record<string, unknown> = {}): Promise<string> {
  const [id = ""] = await server.send(fields);
  return id;
}

async function audit(id: string) {
  const { rows } = await server.store.pool.query(
    "select verb, actor_name, action_id, details, request_id from audit where item_id = $1 order by at, ctid",
    [id],
  );
  return rows;
}

interface Case {
  verb: ActionName;
  input: Record<string, unknown>;
  /** What is done before, so that the verb applies. */
  first?: [ActionName, Record<string, unknown>];
  becomes: Record<string, unknown>;
  details: Record<string, unknown>;
}

const inAnHour = "2026-03-02T10:00:00.000Z";
const cases: Case[] = [
  {
    verb: "acknowledge",
    input: {},
    becomes: {
      status: "acknowledged",
      acknowledgedBy: "ada",
      acknowledgedAt: "2026-03-02T09:00:00.000Z",
      assignee: "ada",
    },
    details: {},
  },
  {
    verb: "annotate",
    input: { text: "  seen before \u{1F9D0} e\u0301 \u05D0  " },
    becomes: { status: "open", noteCount: 1 },
    details: { note: "seen before \u{1F9D0} e\u0301 \u05D0" },
  },
  {
    verb: "snooze",
    input: { for: "1h" },
    becomes: { status: "snoozed", snoozedUntil: inAnHour },
    details: { until: inAnHour },
  },
  {
    verb: "snooze",
    input: { until: "2026-03-02T12:00:00+02:00" },
    becomes: { status: "snoozed", snoozedUntil: inAnHour },
    details: { until: inAnHour },
  },
  {
    verb: "snooze",
    input: { untilChange: true },
    becomes: { status: "snoozed", snoozedUntil: null },
    details: { until: "it changes" },
  },
  {
    verb: "resolve",
    input: { verdict: "false_positive", reason: "scanner", note: "the weekly scan" },
    becomes: { status: "resolved", verdict: "false_positive", noteCount: 1 },
    details: { verdict: "false_positive", reason: "scanner", note: "the weekly scan" },
  },
  { verb: "assign", input: { to: "grace" }, becomes: { assignee: "grace" }, details: { to: "grace" } },
  { verb: "assign", input: { to: "me" }, becomes: { assignee: "ada" }, details: { to: "ada" } },
  {
    verb: "assign",
    input: { to: null },
    first: ["assign", { to: "grace" }],
    becomes: { assignee: null },
    details: { to: null },
  },
  {
    verb: "escalate",
    input: { to: "second line", note: "beyond me" },
    first: ["acknowledge", {}],
    becomes: {
      status: "open",
      assignee: "second line",
      acknowledgedBy: null,
      acknowledgedAt: null,
      noteCount: 1,
    },
    details: { to: "second line", note: "beyond me" },
  },
  {
    verb: "reopen",
    input: {},
    first: ["resolve", { verdict: "benign_true_positive" }],
    becomes: { status: "open", verdict: null, acknowledgedBy: null },
    details: {},
  },
];

describe.each(cases)("$verb $input", ({ verb, input, first, becomes, details }) => {
  const prepared = async () => {
    const id = await group();
    if (first !== undefined) await done(act(ada, id, ...first));
    return id;
  };

  it("changes the item and leaves one audit row that names the action and the request", async () => {
    const id = await prepared();
    const before = await server.detail(id);
    const { actionId, item } = await done(act(ada, id, verb, input));
    expect(item).toMatchObject({ id, ...becomes, version: before.version + 1 });
    expect(await server.detail(id)).toMatchObject(item);
    const row = (await audit(id)).at(-1);
    expect(row).toMatchObject({ verb, actor_name: "ada", action_id: actionId, details });
    expect(row?.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("is refused without the scope to act, and out of scope it is not there", async () => {
    const id = await prepared();
    const before = await server.detail(id);
    const viewer = await server.client("viewer", { scopes: ["queue:read"] });
    const elsewhere = await server.client("elsewhere", { environments: ["staging"] });
    expect(await outcome(await act(viewer, id, verb, input))).toBe("403 not_allowed");
    expect(await outcome(await act(elsewhere, id, verb, input))).toBe("404 not_found");
    expect(await outcome(await act(ada, crypto.randomUUID(), verb, input))).toBe("404 not_found");
    expect(await server.detail(id)).toEqual(before);
    expect(await audit(id)).toHaveLength(first === undefined ? 0 : 1);
  });

  it("conflicts with a version that people moved on from, and says which it is", async () => {
    const id = await prepared();
    const { version } = await server.detail(id);
    await done(act(grace, id, "annotate", { text: "meanwhile" }));
    const refused = await act(ada, id, verb, { ...input, version });
    expect(refused.status).toBe(409);
    expect(await errorOf(refused)).toMatchObject({
      code: "stale_version",
      message: expect.stringContaining(`version ${version + 1}`),
    });
    const { item } = await done(act(ada, id, verb, { ...input, version: version + 1 }));
    expect(item.version).toBe(version + 2);
  });

  it("leaves nothing of an action whose audit row cannot be written", async () => {
    const id = await prepared();
    const before = await server.detail(id);
    await server.store.pool.query("alter table audit add constraint refuse check (verb = 'none') not valid");
    const answer = await act(ada, id, verb, input);
    await server.store.pool.query("alter table audit drop constraint refuse");
    expect(answer.status).toBe(500);
    expect(await server.detail(id)).toEqual(before);
    expect(await outcome(await act(ada, id, verb, input))).toBe("200");
  });
});

describe("an action", () => {
  it("that two people take at once is one person's, and the other's a conflict", async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await group();
      const answers = await Promise.all([act(ada, id, "acknowledge"), act(grace, id, "acknowledge")]);
      expect((await Promise.all(answers.map(outcome))).sort()).toEqual(["200", "409 conflict"]);
      const item = await server.detail(id);
      expect(item.acknowledgedBy).toBe(answers[0]?.ok ? "ada" : "grace");
      expect(await audit(id)).toHaveLength(1);
    }
  });

  it("of many at once is never lost", async () => {
    const id = await group();
    const texts = Array.from({ length: 12 }, (_, i) => `note ${i}`);
    await Promise.all(texts.map((text) => done(act(ada, id, "annotate", { text }))));
    const { notes, noteCount, version } = await server.detail(id);
    expect(notes.map(({ text }) => text).sort()).toEqual(texts.sort());
    expect([noteCount, version]).toEqual([12, 13]);
  });

  it("is done once for an idempotency key, also when its twins come at the same time", async () => {
    const id = await group();
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const send = (text: string) => ada.post(`/api/v1/items/${id}/annotate`, { text }, key);
    const answers = await Promise.all([send("once"), send("once"), send("once")]);
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
    expect((await server.detail(id)).noteCount).toBe(1);
    expect(await outcome(await send("something else"))).toBe("422 key_reused");
    const other = await grace.post(`/api/v1/items/${id}/annotate`, { text: "once" }, key);
    expect(other.status).toBe(200);
    expect((await server.detail(id)).noteCount).toBe(2);
  });

  it("that was refused may be tried again under its key", async () => {
    const id = await group();
    const key = { "Idempotency-Key": crypto.randomUUID() };
    await done(act(grace, id, "acknowledge"));
    expect(await outcome(await ada.post(`/api/v1/items/${id}/acknowledge`, {}, key))).toBe("409 conflict");
    await done(act(grace, id, "reopen"));
    expect(await outcome(await ada.post(`/api/v1/items/${id}/acknowledge`, {}, key))).toBe("200");
  });

  it("reaches the item by its id in any case", async () => {
    const id = await group();
    expect((await done(act(ada, id.toUpperCase(), "acknowledge"))).item.id).toBe(id);
  });

  it("on what is resolved is a conflict, but for a new verdict, a note, an owner and reopening", async () => {
    const id = await group();
    await done(act(ada, id, "resolve", { verdict: "undetermined" }));
    expect(await outcome(await act(ada, id, "acknowledge"))).toBe("409 conflict");
    expect(await outcome(await act(ada, id, "snooze", { for: "1h" }))).toBe("409 conflict");
    expect(await outcome(await act(ada, id, "escalate"))).toBe("409 conflict");
    await done(act(grace, id, "annotate", { text: "late" }));
    await done(act(grace, id, "assign", { to: "me" }));
    const { item } = await done(act(grace, id, "resolve", { verdict: "true_positive" }));
    expect(item).toMatchObject({ verdict: "true_positive", assignee: "grace" });
    await done(act(ada, id, "reopen"));
    expect(await outcome(await act(ada, id, "reopen"))).toBe("409 conflict");
  });

  it.each([
    ["annotate", { text: "a\u0000b" }, "422 nul_character"],
    ["annotate", { text: "half \ud83d" }, "422 lone_surrogate"],
    ["annotate", { text: "   " }, "422 invalid"],
    ["annotate", { text: "x".repeat(16_385) }, "422 invalid"],
    ["annotate", {}, "422 invalid"],
    ["annotate", "not json", "400 unreadable"],
    ["resolve", { verdict: "false_positive", reason: "\u0000" }, "422 nul_character"],
    ["resolve", { verdict: "guilty" }, "422 invalid"],
    ["resolve", {}, "422 invalid"],
    ["assign", { to: "" }, "422 invalid"],
    ["assign", { to: "\udc00" }, "422 lone_surrogate"],
    ["assign", {}, "422 invalid"],
    ["snooze", {}, "422 invalid"],
    ["snooze", { for: "0m" }, "422 invalid"],
    ["snooze", { for: "soon" }, "422 invalid"],
    ["snooze", { for: "91d" }, "422 invalid"],
    ["snooze", { until: "2026-03-02T09:00:00Z" }, "422 invalid"],
    ["snooze", { until: "2026-06-01T00:00:00Z" }, "422 invalid"],
    ["snooze", { until: "tomorrow" }, "422 invalid"],
    ["snooze", { untilChange: false }, "422 invalid"],
    ["acknowledge", { version: -1 }, "422 invalid"],
  ] as const)("%s with %j is refused with %s", async (verb, input, refusal) => {
    const id = await group();
    expect(await outcome(await act(ada, id, verb, input))).toBe(refusal);
    expect(await server.detail(id)).toMatchObject({ version: 1, noteCount: 0, status: "open" });
  });

  it("names the field that is wrong", async () => {
    const id = await group();
    const refused = await errorOf(await act(ada, id, "resolve", { verdict: "guilty" }));
    expect(refused.issues).toEqual([{ path: "verdict", message: expect.any(String) }]);
  });
});

describe("a new alert", () => {
  it("between actions leaves note, owner and acknowledgement alone", async () => {
    const alert = { rule: "again", entities: [{ type: "host", value: "db-1", role: "target" }] };
    const id = await group(alert);
    await done(act(ada, id, "acknowledge"));
    await done(act(ada, id, "annotate", { text: "on it" }));
    await done(act(ada, id, "assign", { to: "grace" }));
    const before = await server.detail(id);
    server.pass(60_000);
    expect(await group({ ...alert, title: "A new title" })).toBe(id);
    expect(await group({ ...alert, severity: "high" })).toBe(id);
    const after = await server.detail(id);
    expect(after).toMatchObject({ count: 3, status: "acknowledged", version: before.version });
    const mine = ["assignee", "acknowledgedBy", "acknowledgedAt", "notes", "noteCount", "verdict"] as const;
    for (const field of mine) expect(after[field]).toEqual(before[field]);
    expect(after.lastSeen).not.toBe(before.lastSeen);
  });

  it("that is triaged while people act loses nothing of either", async () => {
    const alert = { rule: "flood", entities: [{ type: "host", value: "db-2", role: "target" }] };
    const id = await group(alert);
    const notes = Array.from({ length: 8 }, (_, i) => done(act(ada, id, "annotate", { text: `${i}` })));
    const floods = Array.from({ length: 8 }, async (_, i) => {
      await server.admin.post(
        "/api/v1/alerts",
        new Array(5).fill({
          ...alert,
          severity: "critical",
          source: "probe",
          environment: "production",
          title: `t${i}`,
        }),
      );
    });
    const triages = (async () => {
      for (let i = 0; i < 6; i += 1) await server.triage();
    })();
    await Promise.all([...notes, ...floods, triages]);
    await server.triage();
    expect(await server.detail(id)).toMatchObject({ count: 41, noteCount: 8, version: 9 });
  });

  it("adds its techniques also when nothing else is new", async () => {
    const alert = {
      rule: "techniques",
      title: "same",
      entities: [{ type: "host", value: "db-3", role: "target" }],
    };
    const id = await group({ ...alert, techniques: ["T1110"] });
    await group({ ...alert, techniques: ["T1110", "T1110.003"] });
    expect((await server.detail(id)).techniques).toEqual(["T1110", "T1110.003"]);
  });
});
