import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { formats, type IntakeAnswer } from "../../shared/alert.ts";
import type { StoredAlert } from "../../shared/group.ts";
import { alertUuid, chunkOfAlert } from "../../shared/uuid.ts";
import { fixtureRecords, fixturesOf } from "../adapters/fixture-records.ts";
import { testStoreKind } from "../support/store.ts";
import {
  alertOf,
  emptyStore,
  errorOf,
  outcome,
  read,
  startTestServer,
  type TestServer,
} from "../support/test-server.ts";

const samples = resolve(import.meta.dirname, "../..", process.env.QUIETWATCH_SAMPLES_DIR ?? "../shared/data");
const suite = join(samples, "badinput/json-test-suite");
const strings = join(samples, "badinput/blns.json");

/** A small suite of its own, named as the public one names its files. */
const ownCases: [string, Buffer][] = [
  ["y_list", Buffer.from("[]")],
  ["y_object", Buffer.from('{"a":[1,-0.5e+3,"\\u00e9\\n",null,true,{}]}')],
  ["y_twice", Buffer.from('{"a":1,"a":2}')],
  ["y_space", Buffer.from("\r\n\t [ ] \n")],
  ["y_word", Buffer.from('"text"')],
  ["n_comma", Buffer.from('[{"a":1},\n{"a":2},]')],
  ["n_open", Buffer.from('[{"a":1},{"a":')],
  ["n_quotes", Buffer.from("{'a':1}")],
  ["n_text", Buffer.from("alert!")],
  ["n_two", Buffer.from("{}{}")],
  ["n_nan", Buffer.from("[NaN]")],
  ["n_control", Buffer.from('["a\u0000b"]')],
  ["n_deep_open", Buffer.from("[".repeat(100_000))],
  ["n_latin", Buffer.from('["é"]', "latin1")],
  ["i_huge", Buffer.from("[1e400,-1e400,9007199254740993]")],
  ["i_half", Buffer.from('["\\ud800"]')],
  ["i_deep", Buffer.from("[".repeat(100_000) + "]".repeat(100_000))],
];
/** What is odd is odd before it is stored, so every tenth is enough on the second store. */
const step = testStoreKind === "pglite" ? 1 : 10;
const publicCases: [string, Buffer][] = existsSync(suite)
  ? readdirSync(suite)
      .filter((name, index) => name.endsWith(".json") && index % step === 0)
      .map((name) => [name, readFileSync(join(suite, name))])
  : [];
const cases = [...ownCases, ...publicCases];

let server: TestServer;
let token = "";
beforeAll(async () => {
  server = await startTestServer();
  token = (await server.client("a sender", { scopes: ["alerts:write"] })).token;
});
afterAll(() => server.close());
beforeEach(() => emptyStore(server.store));

type Headers = Record<string, string>;

function send(path: string, body: Buffer | string, headers: Headers = {}): Promise<Response> {
  const init = {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
    body: new Uint8Array(Buffer.from(body)),
  };
  return Promise.resolve(server.app.request(path.replace("TOKEN", token), init));
}

const intakeRoutes = [
  "/api/v1/alerts",
  "/api/v1/ingest",
  ...formats.map((format) => `/api/v1/ingest/${format}`),
  "/hooks/TOKEN",
  ...formats.map((format) => `/hooks/TOKEN/${format}`),
];
const standIns = [
  "/compat/alertmanager/api/v2/alerts",
  "/compat/pagerduty/v2/enqueue",
  "/compat/pagerduty/v2/change/enqueue",
  "/compat/alerta/api/alert",
  "/compat/alerta/api/heartbeat",
  "/compat/opsgenie/v2/alerts",
];
const place = /line \d+, column \d+|column \d+|byte \d+/;

/** A webhook's address leads where the API's does: each of them gets a share, all of them every case. */
function casesFor(path: string): [string, Buffer][] {
  const hook = intakeRoutes.filter((one) => one.startsWith("/hooks")).indexOf(path);
  return hook === -1 ? cases : cases.filter((_, index) => (index + hook) % 6 === 0);
}

async function storedAlerts(): Promise<number> {
  const { rows } = await server.store.pool.query(
    "select coalesce(sum(alerts), 0)::int as alerts from alert_log",
  );
  return rows[0].alerts;
}

/** What is wrong with the answer to a case; null when nothing is. */
async function complaint(
  name: string,
  body: Buffer,
  answer: Response,
  isStandIn: boolean,
): Promise<string | null> {
  const text = await answer.text();
  const said = `${name}: ${answer.status} ${text.slice(0, 200)}`;
  if (answer.status >= 500) return said;
  // A stand-in takes nothing for an empty object, and some take one object only.
  const isUnread = answer.status === 400 && place.test(text);
  if (name.startsWith("n_") && !(isStandIn && body.toString().trim() === "")) return isUnread ? null : said;
  return name.startsWith("y_") && isUnread ? said : null;
}

describe("every case of a suite of JSON", () => {
  it.each([...intakeRoutes, ...standIns])("is read or refused with its place by %s", async (path) => {
    const isStandIn = path.startsWith("/compat");
    const complaints: string[] = [];
    for (const [name, body] of casesFor(path)) {
      const answer = await send(path, body);
      const wrong = await complaint(name, body, answer, isStandIn);
      if (wrong !== null) complaints.push(wrong);
    }
    expect(complaints).toEqual([]);
  });

  it.each(["/api/v1/alerts", "/api/v1/ingest", "/api/v1/ingest/generic", "/hooks/TOKEN/wazuh"])(
    "rejects itself as a line of %s, and its neighbours are kept",
    async (path) => {
      const good = { "/api/v1/ingest/generic": "generic", "/hooks/TOKEN/wazuh": "wazuh" }[path] ?? "alert";
      const format = formats.find((one) => one === good) ?? "alert";
      const record = JSON.stringify(fixturesOf[format].flatMap(fixtureRecords)[0]);
      let sent = 0;
      for (const [name, body] of cases) {
        const line = body.toString("utf8").replace(/[\r\n]/g, " ");
        if (!name.startsWith("n_") || line.trim() === "") continue;
        const lines = Buffer.from(`${record}\n${line}\n${record}\n`);
        const answer = await send(path, lines, { "Content-Type": "application/x-ndjson" });
        const told = await read<IntakeAnswer>(answer);
        if (told.rejected === undefined) throw new Error(`${name}: ${JSON.stringify(told)}`);
        // White space of one line may mend what was broken over two.
        if (told.rejected[0]?.code !== "unreadable") expect(() => JSON.parse(line)).not.toThrow();
        else
          expect(told.rejected).toEqual([
            { index: 1, code: "unreadable", message: expect.stringMatching(place) },
          ]);
        expect([name, told.accepted]).toEqual([name, 2]);
        sent += 1;
      }
      expect(sent).toBeGreaterThan(5);
    },
  );

  it("never leaves a part of its batch behind", async () => {
    const record = JSON.stringify(alertOf());
    for (const [name, body] of cases.filter(([one]) => one.startsWith("n_"))) {
      const batch = Buffer.concat([Buffer.from(`[${record},\n`), body, Buffer.from(`,\n${record}]`)]);
      const answer = await send("/api/v1/alerts", batch);
      if (answer.status === 202) expect(() => JSON.parse(batch.toString())).not.toThrow();
      else
        expect([name, answer.status, await answer.text()]).toEqual([name, 400, expect.stringMatching(place)]);
      if (answer.status === 202) await emptyStore(server.store);
    }
    expect(await storedAlerts()).toBe(0);
  });

  it.each(["/api/v1/ingest", "/api/v1/ingest/ossec", "/api/v1/ingest/auditd", "/hooks/TOKEN/ossec"])(
    "is no more than text that is not understood to %s when it comes as one",
    async (path) => {
      for (const [name, body] of cases) {
        const answer = await send(path, body, { "Content-Type": "text/plain" });
        expect([name, [202, 400, 422].includes(answer.status)]).toEqual([name, true]);
      }
      expect(await storedAlerts()).toBe(0);
    },
  );
});

/** Sends a body, triages it and gives the ids of its accepted alerts, by place. */
async function deliver(
  path: string,
  body: Buffer | string,
  headers: Headers = {},
): Promise<(string | null)[]> {
  const answer = await send(path, body, headers);
  expect([answer.status, answer.status === 202 ? "" : await answer.clone().text()]).toEqual([202, ""]);
  const { accepted, rejected, receipt } = await read<IntakeAnswer>(answer);
  await server.triage();
  const { chunk, place: first } = chunkOfAlert(receipt);
  const refused = new Set(rejected.map(({ index }) => index));
  return Array.from({ length: accepted + rejected.length }, (_, index) =>
    refused.has(index) ? null : alertUuid(chunk, first + index),
  );
}

async function originalOf(id: string): Promise<string> {
  const answer = await server.admin.get(`/api/v1/alerts/${id}/original`);
  return Buffer.from(await answer.arrayBuffer()).toString();
}

const shown = async (id: string) => read<StoredAlert>(await server.admin.get(`/api/v1/alerts/${id}`));

describe("what is odd in an alert comes back as it was sent", () => {
  const withRaw = (raw: string) => JSON.stringify(alertOf()).replace(/}$/, `,"raw":${raw}}`);

  it.each([
    [
      "numbers beyond all limits",
      withRaw('[1e400,-1e400,9007199254740993,1E-400,0.1e1,-0,"9007199254740993"]'),
    ],
    ["names twice", withRaw('{"a":1,"a":{"__proto__":1,"__proto__":2}}')],
    [
      "names of every object",
      withRaw('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    ],
    ["escapes nobody needs", withRaw('"\\u0041\\/\\ud83d\\udc1f\\b"')],
    ["the last level", withRaw("[".repeat(62) + "]".repeat(62))],
  ])("%s", async (_, body) => {
    const [id] = await deliver("/api/v1/alerts", body);
    expect(await originalOf(id ?? "")).toBe(body);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("and of a name that stands twice the last value counts", async () => {
    const body = '{"source":"s","rule":"r","title":"one","severity":"low","title":"two"}';
    const [id] = await deliver("/api/v1/alerts", body);
    expect(await shown(id ?? "")).toMatchObject({ title: "two", original: body });
  });

  it.each([
    "9999-12-31T23:59:59.999Z",
    "1601-01-01T00:00:00Z",
    "2026-11-23T24:00:00Z",
    "0001-01-01T00:00:00+14:00",
  ])("a time such as %s", async (occurredAt) => {
    const body = JSON.stringify(alertOf({ occurredAt }));
    const [id] = await deliver("/api/v1/alerts", body);
    expect(await shown(id ?? "")).toMatchObject({ occurredAt, original: body });
  });

  it.each([
    "2016-12-31T23:59:60Z",
    "2026-11-23T25:00:00Z",
    "+275760-09-13T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "now",
  ])("unless it is a time such as %s, which is refused in words", async (occurredAt) => {
    const answer = await send("/api/v1/alerts", JSON.stringify(alertOf({ occurredAt })));
    expect(await outcome(answer.clone())).toBe("422 invalid_alert");
    expect((await errorOf(answer)).message).toMatch(/^occurredAt: must be|^occurredAt: an RFC 3339 time/);
  });

  const naughty: string[] = existsSync(strings)
    ? readTexts(strings)
    : [
        "undefined",
        "<script>",
        "\u202egnp",
        "'; drop table item; --",
        "Ṱ̺̺o͞",
        "\ufeff",
        "\u0001\u007f",
        "\u0024{jndi:x}",
      ];

  it("and so do naughty texts, as the title", async () => {
    const alerts = naughty.map((title) => alertOf({ title }));
    const ids = await deliver("/api/v1/alerts", JSON.stringify(alerts));
    for (const [index, id] of ids.entries()) {
      if (index % 5 === 0) expect(await shown(id ?? "")).toMatchObject({ title: naughty[index] });
    }
  });

  it.each(formats)("and naughty texts anywhere in a record of %s", async (format) => {
    const records = fixturesOf[format].flatMap(fixtureRecords).map((record) => JSON.stringify(record));
    const spoilt = naughty.map((text, index) => {
      const record = records[index % records.length] ?? "";
      const inText = JSON.stringify(text).slice(1, -1);
      let at = 0;
      // Behind the value of every seventh field.
      return record.replace(/(:"(?:[^"\\]|\\.)*)"/g, (whole, value: string) => {
        at += 1;
        return (at + index) % 7 === 0 ? `${value}${inText}"` : whole;
      });
    });
    const answer = await send(`/api/v1/ingest/${format}`, spoilt.join("\n"), {
      "Content-Type": "application/x-ndjson",
    });
    expect([202, 422]).toContain(answer.status);
    await server.triage();
    if (answer.status === 422) return;
    const { receipt, rejected } = await read<IntakeAnswer>(answer);
    if (rejected.some(({ index }) => index === 0)) return;
    const original = await originalOf(receipt);
    // In these the key of a sender may stand, which is not kept.
    if (!original.includes("did not keep")) expect(spoilt).toContain(original);
  });
});

function readTexts(path: string): string[] {
  const list: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(list)) throw new Error("the list is not a list");
  return list
    .filter((text) => typeof text === "string" && text !== "" && text.length <= 1_024)
    .filter((_, index) => index % step === 0);
}

describe("a body that is too much", () => {
  const deep = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;

  it.each(formats)("of 100,000 levels is refused by %s", async (format) => {
    const [record] = fixturesOf[format].flatMap(fixtureRecords);
    const body = JSON.stringify({ ...Object.assign({}, record), deeper: "DEEP" }).replace('"DEEP"', deep);
    const answer = await send(`/api/v1/ingest/${format}`, body);
    expect(await outcome(answer.clone())).toBe("422 invalid_alert");
    expect((await errorOf(answer)).message).toContain("levels of nesting");
  });

  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => one(index)).join(",");
  const withField = (field: string) => JSON.stringify(alertOf()).replace(/}$/, `,${field}}`);

  it.each([
    ["labels", () => withField(`"labels":{${many(1_000_000, (i) => `"${i.toString(36)}":""`)}}`)],
    [
      "entities",
      () => withField(`"entities":[${many(300_000, (i) => `{"type":"ip","value":"${i.toString(36)}"}`)}]`),
    ],
    ["entities that are none", () => withField(`"entities":[${many(1_000_000, () => "{}")}]`)],
    ["links", () => withField(`"links":[${many(500_000, () => '{"href":"x"}')}]`)],
    ["techniques", () => withField(`"techniques":[${many(900_000, () => '"T1110"')}]`)],
    ["fields", () => withField(many(300_000, (i) => `"${i.toString(36)}":1`))],
  ])("of all too many %s is answered in its time", async (field, body) => {
    const text = body();
    const start = performance.now();
    JSON.parse(text);
    const parsed = performance.now();
    const answer = await send("/api/v1/alerts", text);
    expect([field, answer.status]).toEqual([field, field === "fields" ? 202 : 422]);
    expect(performance.now() - parsed).toBeLessThan(1_000 + 10 * (parsed - start));
    if (answer.status === 422) expect((await errorOf(answer)).message).toMatch(/^[a-z]+[\w.]*: /);
  });
});

describe("a body in other bytes", () => {
  const good = JSON.stringify(alertOf());
  const swapped = (text: string) => Buffer.from(text, "utf16le").swap16();
  const utf16 = [
    Buffer.from(`\ufeff${good}`, "utf16le"),
    swapped(`\ufeff${good}`),
    Buffer.from(good, "utf16le"),
    swapped(good),
  ];

  it("may begin with the mark of UTF-8, and not be UTF-16", async () => {
    expect((await send("/api/v1/alerts", `\ufeff${good}`)).status).toBe(202);
    for (const path of ["/api/v1/alerts", "/api/v1/ingest", "/hooks/TOKEN/alert"]) {
      for (const body of utf16) {
        const answer = await send(path, body);
        expect(await outcome(answer.clone())).toBe("400 unreadable");
        expect((await errorOf(answer)).message).toMatch(/UTF-16.*; UTF-8 is taken/);
      }
    }
  });

  it.each(["iso-8859-1", '"ISO-8859-1"', "utf-16", "windows-1252", "shift_jis"])(
    "is refused when it says that it is %s",
    async (charset) => {
      for (const type of ["application/json", "application/x-ndjson", "text/plain"]) {
        for (const path of [
          "/api/v1/alerts",
          "/api/v1/ingest",
          "/api/v1/ingest/ossec",
          "/hooks/TOKEN/wazuh",
        ]) {
          const answer = await send(path, good, { "Content-Type": `${type}; charset=${charset}` });
          expect(await outcome(answer.clone())).toBe("415 unsupported_type");
          expect((await errorOf(answer)).message).toContain("utf-8 is");
        }
      }
      expect(
        (await send("/api/v1/alerts", good, { "Content-Type": "application/json;charset=UTF-8" })).status,
      ).toBe(202);
    },
  );

  it("is refused by every stand-in when it is not UTF-8", async () => {
    for (const path of standIns) {
      const answer = await send(path, Buffer.from('{"message":"é"}', "latin1"));
      expect([path, answer.status]).toEqual([path, 400]);
    }
  });

  it.each<[string, Buffer, Headers, string, RegExp]>([
    ["packed and not saying so", gzipSync(good), {}, "400 unreadable", /packed with gzip/],
    [
      "packed twice",
      gzipSync(gzipSync(good)),
      { "Content-Encoding": "gzip" },
      "400 unreadable",
      /pack it once/,
    ],
    [
      "packed by two names",
      gzipSync(gzipSync(good)),
      { "Content-Encoding": "gzip, gzip" },
      "415 unsupported_type",
      /gzip is/,
    ],
    [
      "cut short",
      gzipSync(good).subarray(0, -9),
      { "Content-Encoding": "gzip" },
      "400 unreadable",
      /not valid gzip/,
    ],
    [
      "of another packing",
      Buffer.from(good),
      { "Content-Encoding": "gzip" },
      "400 unreadable",
      /not valid gzip/,
    ],
  ])("is refused %s", async (_, body, headers, expected, message) => {
    const answer = await send("/api/v1/alerts", body, headers);
    expect(await outcome(answer.clone())).toBe(expected);
    expect((await errorOf(answer)).message).toMatch(message);
  });

  it("may unpack to 10 GiB, and is refused at once in little memory", async () => {
    const part = gzipSync(Buffer.alloc(16 * 1024 * 1024), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 640 }, () => part)).subarray(0, 10 * 1024 * 1024);
    expect(bomb.length).toBeGreaterThan(10_000_000);
    const before = process.memoryUsage().rss;
    for (const path of ["/api/v1/alerts", "/api/v1/ingest/wazuh", "/hooks/TOKEN", ...standIns.slice(0, 1)]) {
      const start = performance.now();
      const answer = await send(path, bomb, { "Content-Encoding": "gzip" });
      expect([path, answer.status]).toEqual([path, 413]);
      expect(performance.now() - start).toBeLessThan(5_000);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });
});
