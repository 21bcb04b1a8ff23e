import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { unpackChunk } from "../../server/intake/chunk.ts";
import type { IntakeAnswer } from "../../shared/alert.ts";
import type { MappingInput } from "../../shared/mapping.ts";
import type { TrySourceAnswer } from "../../shared/try-source.ts";
import {
  alertOf,
  bearer,
  emptyStore,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  await emptyStore(server.store);
  await save(door);
});

const door: MappingInput = {
  name: "door-control",
  match: "product == 'DoorControl'",
  records: "events[]",
  rule: "kind",
  title: "join(' ', ['Door', door, kind])",
  severity: { from: "level", table: { "1": "critical" }, otherwise: "low" },
  identity: ["kind", "door"],
  entities: [{ type: "host", value: "door" }],
};
const event = { kind: "forced-open", door: "gate-7", level: 1 };
const report = { product: "DoorControl", events: [event, { ...event, door: "gate-8" }] };

async function save(...mappings: MappingInput[]): Promise<void> {
  const policy = { environments: [{ name: "production", weight: 1 }], intake: { mappings } };
  const headers = { "Content-Type": "application/json", ...bearer(server.admin.token) };
  const answer = await server.app.request("/api/v1/policy", {
    method: "PUT",
    headers,
    body: JSON.stringify(policy),
  });
  expect(answer.status).toBe(200);
}

const ingest = (path: string, body: unknown) => server.admin.post(`/api/v1/ingest${path}`, body);

async function groups(): Promise<unknown[]> {
  await server.triage();
  const { rows } = await server.store.pool.query(
    "select source, title, severity, count::int from item order by title",
  );
  return rows;
}

async function firstOriginal() {
  const { rows } = await server.store.pool.query("select id from item order by title limit 1");
  const { items } = await read<{ items: { format: string; title: string; original: string }[] }>(
    await server.admin.get(`/api/v1/items/${rows[0]?.id}/alerts`),
  );
  return items[0];
}

describe("a source by a mapping of the policy", () => {
  it("is read at its own address", async () => {
    const answer = await ingest("/door-control", [report, report]);
    expect(await read<IntakeAnswer>(answer)).toMatchObject({ accepted: 4, rejected: [] });
    const group = { source: "door-control", severity: "critical", count: 2 };
    expect(await groups()).toEqual([
      { ...group, title: "Door gate-7 forced-open" },
      { ...group, title: "Door gate-8 forced-open" },
    ]);
  });

  it("is found out where it says what is its own, beside formats of ours", async () => {
    const mixed = [report, alertOf({ title: "Zebra" }), { product: "Toaster" }];
    const answer = await read<IntakeAnswer>(await ingest("", mixed));
    expect(answer).toMatchObject({ accepted: 3, rejected: [{ index: 3, code: "unknown_format" }] });
    expect((await groups()).length).toBe(3);
  });

  it("is nobody's when two say that it is theirs", async () => {
    await save(door, { ...door, name: "other-doors" });
    expect(await outcome(await ingest("", report))).toBe("422 unknown_format");
    expect(await outcome(await ingest("/other-doors", report))).toBe("202");
  });

  it("takes nothing that a format of ours knows", async () => {
    await save({ ...door, match: "rule" });
    await ingest("", alertOf({ title: "Zebra" }));
    expect(await groups()).toMatchObject([{ source: "probe" }]);
  });

  it("is read from its originals by the mapping that read it first", async () => {
    await ingest("/door-control", report);
    await ingest("", { ...report, events: [{ ...event, door: "gate-1" }] });
    await save({ ...door, title: "'something else'" });
    server.recent.forget(Number.MAX_SAFE_INTEGER);
    expect((await groups()).length).toBe(3);
    expect(await firstOriginal()).toMatchObject({ format: "door-control", title: "Door gate-1 forced-open" });
    await save();
    expect((await firstOriginal())?.title).toBe("Door gate-1 forced-open");
    expect(await outcome(await ingest("/door-control", report))).toBe("422 unknown_format");
    const exported = await (await server.admin.get("/api/v1/export/alerts.ndjson")).text();
    const lines = exported
      .trim()
      .split("\n")
      .map((line): { format?: string } => JSON.parse(line));
    expect(lines.filter(({ format }) => format === "door-control").length).toBe(3);
  });

  it("keeps no mapping beside what needed none", async () => {
    await ingest("", alertOf());
    const { rows } = await server.store.pool.query("select bytes from alert_log");
    const [entry] = await unpackChunk(rows[0]?.bytes);
    expect(entry?.header).toMatchObject({ format: "auto" });
    expect(entry?.header).not.toHaveProperty("candidates");
  });

  it("is named among the formats when another is asked for", async () => {
    expect((await errorOf(await ingest("/telegraph", report))).message).toMatch(/wazuh.*door-control/);
  });

  it("tells which event was wrong, and where", async () => {
    const answer = await ingest("/door-control", { events: [event, { ...event, door: 7 }] });
    const { accepted, rejected } = await read<IntakeAnswer>(answer);
    expect(accepted).toBe(1);
    expect(rejected).toEqual([
      { index: 1, code: "invalid_alert", message: expect.stringMatching(/^title: /) },
    ]);
  });
});

describe("a sample that is tried", () => {
  const attempt = (body: unknown) => server.admin.post("/api/v1/ingest/try", body);
  const tried = async (body: unknown) => read<TrySourceAnswer>(await attempt(body));

  it("by a mapping that is not saved shows its alerts and stores nothing", async () => {
    const fresh = { ...door, name: "fresh", match: undefined };
    const answer = await tried({ sample: JSON.stringify([report, { events: [{}] }]), mapping: fresh });
    expect(answer).toMatchObject({
      accepted: 2,
      rejectedCount: 1,
      rejected: [{ index: 2, code: "invalid_alert" }],
    });
    expect(answer.alerts[0]).toEqual({
      index: 0,
      format: "fresh",
      nativeSeverity: "1",
      alert: {
        source: "fresh",
        rule: "forced-open",
        title: "Door gate-7 forced-open",
        severity: "critical",
        dedupKey: "fresh|forced-open|gate-7",
        entities: [{ type: "host", value: "gate-7", role: "target" }],
      },
    });
    const { rows } = await server.store.pool.query("select count(*)::int as n from alert_log");
    expect(rows).toEqual([{ n: 0 }]);
  });

  it("by a format, or found out, among formats and mappings", async () => {
    const { raw: _, ...one } = alertOf({ raw: { a: 1 } });
    const sample = JSON.stringify({ ...one, raw: { a: 1 } });
    expect((await tried({ sample, format: "alert" })).alerts[0]).toMatchObject({
      format: "alert",
      alert: one,
    });
    expect((await tried({ sample })).alerts[0]?.format).toBe("alert");
    expect((await tried({ sample: JSON.stringify(report) })).alerts[0]?.format).toBe("door-control");
  });

  it("may be one object over several lines, or one a line", async () => {
    const spread = await tried({ sample: JSON.stringify(report, null, 2), format: "auto" });
    const lines = await tried({ sample: `${JSON.stringify(report)}\n\n{"a"\n` });
    expect([spread.accepted, lines.accepted, lines.rejected[0]?.code]).toEqual([2, 2, "unreadable"]);
  });

  it("may be lines of a log", async () => {
    const line =
      "type=USER_LOGIN msg=audit(1772442000.123:7): pid=1 uid=0 msg='op=login acct=\"root\" res=failed'";
    const answer = await tried({ sample: line, format: "auditd" });
    expect(answer.accepted + answer.rejectedCount).toBeGreaterThan(0);
  });

  it("shows the first hundred of many", async () => {
    const many = { events: Array.from({ length: 150 }, (_, index) => ({ ...event, door: `d${index}` })) };
    const answer = await tried({ sample: JSON.stringify(many), mapping: door });
    expect([answer.accepted, answer.alerts.length]).toEqual([150, 100]);
  });

  it.each([
    [{ sample: "{" }, "400 unreadable"],
    [{ sample: "" }, "422 invalid"],
    [{ sample: "{}", format: "telegraph" }, "422 invalid"],
    [{ sample: "{}", mapping: { ...door, title: "a." } }, "422 invalid"],
    [{ sample: "{}", mapping: { ...door, serverity: 1 } }, "422 invalid"],
    [{ sample: "{}", mapping: { ...door, name: "wazuh" } }, "422 invalid"],
  ])("%j is refused", async (body, expected) => {
    expect(await outcome(await attempt(body))).toBe(expected);
  });

  it("names the expression that is wrong", async () => {
    const answer = await attempt({ sample: "{}", mapping: { ...door, labels: { site: "f(" } } });
    expect((await errorOf(answer)).issues?.map(({ path }) => path)).toEqual(["mapping.labels.site"]);
  });

  it("is not for who only sends alerts", async () => {
    const sender = await server.client("a sender", { scopes: ["alerts:write"] });
    expect(await outcome(await sender.post("/api/v1/ingest/try", { sample: "{}" }))).toBe("403 not_allowed");
  });
});
