import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats, type IntakeAnswer } from "../../shared/alert.ts";
import type { ItemDetail, StoredAlert } from "../../shared/group.ts";
import type { Page } from "../../shared/queue.ts";
import {
  alertOf,
  type Client,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
  until,
} from "../support/test-server.ts";

let server: TestServer;
let ada: Client;
let detector: Client;

beforeAll(async () => {
  server = await startTestServer({ mostBacklog: 50_000 });
  ada = await server.client("ada");
  detector = await server.client("detector", { scopes: ["alerts:write"] });
});

afterAll(() => server.close());

/** Sends a body as it is and gives the answer with the groups of its alerts. */
async function deliver(
  body: string | Buffer | object,
  headers: Record<string, string> = {},
  path = "alerts",
): Promise<IntakeAnswer> {
  const sending = detector.post(`/api/v1/${path}`, body, { Prefer: "respond-async, wait=20", ...headers });
  await until(async () => (server.backlog.alerts > 0 ? true : null));
  await server.triage();
  const answer = await sending;
  expect([answer.status, answer.status === 202 ? "" : await answer.clone().text()]).toEqual([202, ""]);
  return read(answer);
}

const alertsOf = async (group: string, query = "") =>
  read<Page<StoredAlert>>(await ada.get(`/api/v1/groups/${group}/alerts?${query}`));

const originalOf = async (id: string) => {
  const answer = await ada.get(`/api/v1/alerts/${id}/original`);
  return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

const groupOf = (answer: IntakeAnswer, index = 0) =>
  answer.groups?.find((one) => one.index === index)?.group ?? "";

describe("originals are kept byte for byte", () => {
  const one = `{ "source":"probe", "rule":"bytes-1" ,"title":"a \\u00e9 \\ud83d\\ude00","severity" : "high",\t"raw":1.0e2 }`;
  const two = `{"source":"probe","rule":"bytes-2","title":"[{,}] \\"quoted\\\\","severity":"low",\n "raw":{"big":12345678901234567890}}`;

  it.each<[string, string | Buffer, Record<string, string>, string[]]>([
    ["an array with odd white space", `\r\n [\t${one}\n\n,   ${two} \n]\n`, {}, [one, two]],
    ["one object", ` ${one}\n`, {}, [` ${one}\n`]],
    ["one object behind a byte order mark", `\uFEFF${one}`, {}, [`\uFEFF${one}`]],
    [
      "lines",
      `\n${one}\r\n\n  ${two.replaceAll("\n", " ")}`,
      { "Content-Type": "application/x-ndjson" },
      [one, `  ${two.replaceAll("\n", " ")}`],
    ],
    ["gzip", gzipSync(`[${one},${two}]`), { "Content-Encoding": "gzip" }, [one, two]],
  ])("in %s", async (_what, body, headers, expected) => {
    const answer = await deliver(body, headers);
    expect(answer.accepted).toBe(expected.length);
    for (const [index, original] of expected.entries()) {
      const { items } = await alertsOf(groupOf(answer, index), "limit=1");
      expect(items[0]?.original).toBe(original);
      const { headers: shown, bytes } = await originalOf(items[0]?.id ?? "");
      expect(bytes.equals(Buffer.from(original))).toBe(true);
      expect(shown.get("Content-Type")).toBe("application/octet-stream");
      expect(shown.get("Content-Disposition")).toBe("attachment");
      expect(shown.get("X-Content-Type-Options")).toBe("nosniff");
    }
  });

  it("and texts come back as they were sent", async () => {
    const title = "👩🏽‍💻 e\u0301 \u202Eשלום\u202C مرحبا \u0001\u007F <b>&amp; \u2028 'x'";
    const answer = await deliver(
      alertOf({
        title,
        description: `${title}\n${title}`,
        labels: { "ключ 🗝": title },
        entities: [{ type: "user", value: title }],
      }),
    );
    const id = groupOf(answer);
    const item = await read<ItemDetail>(await ada.get(`/api/v1/items/${id}`));
    expect(item).toMatchObject({ title, description: `${title}\n${title}`, labels: { "ключ 🗝": title } });
    expect(item.allEntities).toContainEqual({ type: "user", value: title });
    const found = await ada.get(`/api/v1/entities/user/${encodeURIComponent(title)}`);
    expect((await read<Page<{ id: string }>>(found)).items.map((one) => one.id)).toEqual([id]);
  });
});

describe("the alerts of a group", () => {
  it("are listed newest first, over as many stretches of the log as there are", async () => {
    const alert = alertOf({ rule: "stretches" });
    const titles: string[] = [];
    let group = "";
    for (const size of [3, 1, 4, 1, 5]) {
      const batch = Array.from({ length: size }, (_, i) => ({ ...alert, title: `${titles.length + i}` }));
      // A neighbour between them, so that places and alerts are not the same thing.
      const answer = await deliver(batch.flatMap((one) => [one, alertOf()]));
      group = groupOf(answer);
      titles.push(...batch.map(({ title }) => title));
      server.pass(1_000);
    }
    for (const limit of [1, 2, 3, 5, 200]) {
      const seen: string[] = [];
      let query = `limit=${limit}`;
      for (;;) {
        const { items, next } = await alertsOf(group, query);
        expect(items.length).toBeLessThanOrEqual(limit);
        seen.push(...items.map(({ title }) => title));
        if (next === null) break;
        query = `limit=${limit}&cursor=${next}`;
      }
      expect(seen).toEqual([...titles].reverse());
    }
    const { items } = await alertsOf(group, "limit=1");
    const single = await read<StoredAlert>(await ada.get(`/api/v1/alerts/${items[0]?.id}`));
    expect(single).toEqual(items[0]);
    expect(single).toMatchObject({ group, source: "probe", rule: "stretches", format: "alert" });
  });

  it("end where retention removed a stretch", async () => {
    const alert = alertOf({ rule: "retention" });
    await deliver(alert);
    await server.store.pool.query("delete from alert_index");
    const group = groupOf(await deliver(alert));
    const { items, next } = await alertsOf(group, "limit=1");
    expect(items).toHaveLength(1);
    expect(await alertsOf(group, `limit=1&cursor=${next}`)).toEqual({ items: [], next: null });
  });

  it.each(["x", `${"-".repeat(36)}.0`, `${crypto.randomUUID()}`, `${crypto.randomUUID()}.-1`])(
    "are refused for the cursor %s",
    async (cursor) => {
      const group = groupOf(await deliver(alertOf()));
      const refused = await errorOf(await ada.get(`/api/v1/groups/${group}/alerts?cursor=${cursor}`));
      expect(refused).toMatchObject({ code: "invalid", issues: [{ path: "cursor" }] });
    },
  );

  it("are not there for an id that is none", async () => {
    const answer = await deliver([alertOf(), { title: "no rule" }]);
    const rejected = `${answer.receipt.slice(0, 31)}${"1".padStart(5, "0")}`;
    const beyond = `${answer.receipt.slice(0, 31)}00fff`;
    expect(await outcome(await ada.get(`/api/v1/alerts/${answer.receipt}`))).toBe("200");
    for (const id of [rejected, beyond, crypto.randomUUID()]) {
      expect(await outcome(await ada.get(`/api/v1/alerts/${id}`))).toBe("404 not_found");
      expect(await outcome(await ada.get(`/api/v1/alerts/${id}/original`))).toBe("404 not_found");
    }
    expect(await outcome(await ada.get("/api/v1/alerts/1"))).toBe("422 invalid");
  });
});

describe("POST /alerts", () => {
  it("says with Prefer: wait which group each went to, and created once", async () => {
    const alert = alertOf();
    const { groups } = await deliver([alert, { bad: true }, alert, alertOf({ severity: "low" })]);
    expect(groups).toMatchObject([
      { index: 0, created: true, band: "P1" },
      { index: 2, created: false, band: "P1" },
      { index: 3, created: true, band: "P4" },
    ]);
    expect(groups?.[0]?.group).toBe(groups?.[1]?.group);
    expect((await deliver(alert)).groups).toMatchObject([{ index: 0, created: false }]);
  });

  it("answers without groups when triage does not come in time", async () => {
    const answer = await detector.post("/api/v1/alerts", alertOf(), { Prefer: "wait=0" });
    expect(await read(answer)).toMatchObject({ accepted: 1, rejected: [], groups: [] });
    const plain = await read<IntakeAnswer>(await detector.post("/api/v1/alerts", alertOf()));
    expect(plain).not.toHaveProperty("groups");
    await server.triage();
  });

  it("takes what is good and says of the rest why not, by its place", async () => {
    const answer = await deliver([
      alertOf(),
      { ...alertOf(), severity: "bad" },
      7,
      alertOf(),
      alertOf({ title: "\ud800" }),
      alertOf({ title: "\u0000" }),
      alertOf({ title: "x".repeat(1_025) }),
    ]);
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, "invalid_alert"],
      [2, "invalid_alert"],
      [4, "lone_surrogate"],
      [5, "nul_character"],
      [6, "field_too_long"],
    ]);
    for (const { message } of answer.rejected) expect(message).not.toBe("");
  });

  it("keeps one line that cannot be read from spoiling the others", async () => {
    const body = `${JSON.stringify(alertOf())}\n{"source":\n${JSON.stringify(alertOf())}\n`;
    const answer = await deliver(body, { "Content-Type": "application/x-ndjson" });
    expect(answer).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: "unreadable" }] });
  });

  it("takes an empty list as nothing", async () => {
    const receipt = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const none = await detector.post("/api/v1/alerts", "[]");
    expect([none.status, await read(none)]).toEqual([202, { accepted: 0, rejected: [], receipt }]);
    const blank = await detector.post("/api/v1/alerts", "\n\n", { "Content-Type": "application/x-ndjson" });
    expect([blank.status, await read(blank)]).toEqual([202, { accepted: 0, rejected: [], receipt }]);
  });

  it("is done once for an idempotency key, also by twins at the same time", async () => {
    const alert = alertOf();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const send = (body: object) => detector.post("/api/v1/alerts", body, headers);
    const answers = await Promise.all([send(alert), send(alert), send(alert)]);
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const again = await (await send(alert)).json();
    for (const body of [again, ...bodies]) expect(body).toEqual(bodies[0]);
    expect(await outcome(await send(alertOf()))).toBe("422 key_reused");
    await server.triage();
    const { rows } = await server.store.pool.query("select count from item where rule = $1", [alert.rule]);
    expect(rows.map(({ count }) => Number(count))).toEqual([1]);
  });

  const big = JSON.stringify(alertOf({ description: "x".repeat(16_000) }));
  const json = { "Content-Type": "application/json" };
  it.each<[string, string | Buffer, Record<string, string>, string]>([
    ["only bad alerts", `[{"title":1},{}]`, json, "422 invalid_alert"],
    ["what is no JSON", "{", json, "400 unreadable"],
    ["nothing", "", json, "400 unreadable"],
    ["what is not UTF-8", Buffer.from([0x22, 0xff, 0x22]), json, "400 unreadable"],
    ["a broken gzip", "hello", { "Content-Encoding": "gzip" }, "400 unreadable"],
    ["an unknown encoding", "[]", { "Content-Encoding": "br" }, "415 unsupported_type"],
    ["an unknown type", "<a/>", { "Content-Type": "application/xml" }, "415 unsupported_type"],
    ["more than 10 MiB", `[${new Array(700).fill(big).join(",")}]`, json, "413 too_large"],
    [
      "more than 10 MiB unpacked",
      gzipSync(`[${new Array(700).fill(big).join(",")}]`),
      { "Content-Encoding": "gzip" },
      "413 too_large",
    ],
    ["more than 10,000 alerts", `[${new Array(10_001).fill("{}").join(",")}]`, json, "413 too_many_alerts"],
    ["an idempotency key too long", "[]", { "Idempotency-Key": "k".repeat(256) }, "422 invalid"],
  ])("refuses %s", async (_what, body, headers, refusal) => {
    const answer = await detector.post("/api/v1/alerts", body, headers);
    expect(await outcome(answer.clone())).toBe(refusal);
    const { requestId, message } = await errorOf(answer);
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(message.length).toBeLessThan(400);
  });

  it("refuses a body that is streamed past the limit", async () => {
    const part = new Uint8Array(1024 * 1024).fill(0x20);
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        sent += 1;
        if (sent > 12) controller.close();
        else controller.enqueue(part);
      },
    });
    const headers = { Authorization: `Bearer ${detector.token}`, "Content-Type": "application/json" };
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, headers, duplex: "half" };
    expect(await outcome(await server.app.request("/api/v1/alerts", init))).toBe("413 too_large");
  });

  it("needs the scope to send", async () => {
    expect(await outcome(await ada.post("/api/v1/alerts", alertOf()))).toBe("403 not_allowed");
    expect(await outcome(await ada.post("/api/v1/ingest/wazuh", {}))).toBe("403 not_allowed");
  });
});

describe("POST /ingest", () => {
  const wazuh = {
    timestamp: "2026-03-02T08:59:00.000+0000",
    rule: { id: "5710", level: 5, description: "Login of an unknown user" },
    agent: { id: "001", name: "web-1" },
    manager: { name: "w" },
    id: "1.2",
    decoder: { name: "sshd" },
    location: "/var/log/auth.log",
    full_log: "x",
  };

  it("finds the format out, each record's own", async () => {
    const answer = await deliver([wazuh, alertOf()], {}, "ingest");
    expect(answer.accepted).toBe(2);
    const shown = await Promise.all(
      [0, 1].map(async (index) => (await alertsOf(groupOf(answer, index))).items[0]),
    );
    expect(shown.map((one) => one?.format)).toEqual(["wazuh", "alert"]);
  });

  it("takes a named format and puts it in the same group", async () => {
    const found = groupOf(await deliver(wazuh, {}, "ingest"));
    expect(groupOf(await deliver([wazuh], {}, "ingest/wazuh"))).toBe(found);
  });

  it("refuses a format it does not know, with those it does, and what is of none", async () => {
    const unknown = await detector.post("/api/v1/ingest/unheard", {});
    expect(await outcome(unknown.clone())).toBe("422 unknown_format");
    const { message } = await errorOf(unknown);
    for (const format of formats) expect(message).toContain(format);
    expect(await outcome(await detector.post("/api/v1/ingest", [1, 2]))).toBe("422 unknown_format");
  });
});

describe("when the backlog is full", () => {
  it("senders are asked to come again, and nothing of the request is kept", async () => {
    await server.triage();
    const { rows: before } = await server.store.pool.query("select count(*) from alert_log");
    server.backlog.add(50_000);
    const answer = await detector.post("/api/v1/alerts", alertOf());
    expect(await outcome(answer.clone())).toBe("503 overloaded");
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    const empty = await detector.post("/api/v1/alerts", "[]");
    expect(empty.status).toBe(202);
    const { rows: after } = await server.store.pool.query("select count(*) from alert_log");
    expect(after).toEqual(before);
    await server.backlog.refresh();
    expect((await detector.post("/api/v1/alerts", alertOf())).status).toBe(202);
  });
});
