import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { adapterFor } from "../../server/adapters/registry.ts";
import type { Format, IntakeAnswer } from "../../shared/alert.ts";
import type { Item, StoredAlert } from "../../shared/group.ts";
import { alertUuid, chunkOfAlert } from "../../shared/uuid.ts";
import { fixtureRecords, fixturesOf, fixtureText } from "../adapters/fixture-records.ts";
import { root } from "../support/source-files.ts";
import {
  asAdmin,
  type LaunchedServer,
  launchServer,
  type ScratchFolder,
  scratchFolder,
} from "./launch-server.ts";
import { allGroups, originalsOf } from "./stored-state.ts";

const samplesFolder = resolve(root, process.env.QUIETWATCH_SAMPLES_DIR ?? "../shared/data");
const noSamples = "there are no real samples: QUIETWATCH_SAMPLES_DIR names no folder";
const perRequest = 60;

let folder: ScratchFolder;
let server: LaunchedServer;

beforeAll(async () => {
  folder = await scratchFolder();
  server = await launchServer({ QUIETWATCH_DATA_DIR: folder.path });
});

afterAll(async () => {
  await server.stop();
  await folder.remove();
});

interface Body {
  text: string;
  type: "application/json" | "application/x-ndjson" | "text/plain";
  /** Records in it, each of which is one alert. */
  records: number;
}

/** A sample as it is, and again as arrays; every record is one alert. */
interface Sample {
  format: Format;
  bodies: Body[];
}

const linesOf = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

/** Cut small, because every original is read again from its request. */
function ndjson(lines: readonly string[]): Body[] {
  return parts(lines).map((part) => ({
    text: `${part.join("\n")}\n`,
    type: "application/x-ndjson",
    records: part.length,
  }));
}

function arrays(records: readonly string[]): Body[] {
  return parts(records).map((part) => ({
    text: `[\n  ${part.join(" ,\n\t")}\n]`,
    type: "application/json",
    records: part.length,
  }));
}

function parts(records: readonly string[]): string[][] {
  const count = Math.ceil(records.length / perRequest);
  return Array.from({ length: count }, (_, i) => records.slice(i * perRequest, (i + 1) * perRequest));
}

interface Delivery {
  body: Body;
  /** Of its alerts, in the order of the body. */
  ids: string[];
  groups: string[];
  created: number;
}

async function deliver(path: string, body: Body, gzip: boolean): Promise<Delivery> {
  const plain = Buffer.from(body.text);
  const answer = await fetch(`${server.url}/api/v1/${path}`, {
    method: "POST",
    headers: {
      ...asAdmin,
      "Content-Type": body.type,
      Prefer: "wait=20",
      ...(gzip && { "Content-Encoding": "gzip" }),
    },
    body: new Uint8Array(gzip ? gzipSync(plain) : plain),
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(202);
  const { accepted, rejected, receipt, groups = [] } = JSON.parse(text) as IntakeAnswer;
  expect({ accepted, rejected }).toEqual({ accepted: body.records, rejected: [] });
  expect(groups.map(({ index }) => index)).toEqual(groups.map((_, i) => i));
  const { chunk, place } = chunkOfAlert(receipt);
  return {
    body,
    ids: groups.map((_, i) => alertUuid(chunk, place + i)),
    groups: groups.map(({ group }) => group),
    created: groups.filter(({ created }) => created).length,
  };
}

/** The bytes behind an id, as text; fails on bytes that are no text. */
async function originalOf(id: string): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/alerts/${id}/original`, { headers: asAdmin });
  expect(answer.status).toBe(200);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await answer.arrayBuffer());
}

/** The originals, one after the other, are the body: nothing lies between them but what separates records. */
async function expectOriginals({ body, ids }: Delivery): Promise<void> {
  let at = 0;
  const between: string[] = [];
  for (const id of ids) {
    const original = await originalOf(id);
    const found = body.text.indexOf(original, at);
    expect(found, original).toBeGreaterThanOrEqual(at);
    between.push(body.text.slice(at, found));
    at = found + original.length;
  }
  between.push(body.text.slice(at));
  expect(between.filter((gap) => !/^[\s,[\]]*$/.test(gap))).toEqual([]);
}

/** What the groups say of their alerts: ids and originals, as a reader of the queue finds them. */
async function listed(groups: ReadonlySet<string>): Promise<Map<string, StoredAlert>> {
  const found = (await allGroups(server.url)).filter(({ id }) => groups.has(id));
  expect(found).toHaveLength(groups.size);
  const alerts = await originalsOf(server.url, found);
  expect(found.filter(({ id, count }) => alerts.get(id)?.length !== count)).toEqual([]);
  return new Map([...alerts.values()].flat().map((alert) => [alert.id, alert]));
}

async function expectTaken({ format, bodies }: Sample): Promise<{ alerts: number; groups: number }> {
  const named: Delivery[] = [];
  for (const [i, body] of bodies.entries()) named.push(await deliver(`ingest/${format}`, body, i % 2 === 1));
  const groups = new Set(named.flatMap((one) => one.groups));

  const records = named.flatMap(({ body }) => recordsOf(body));
  const detected: Delivery[] = [];
  const again = bodies[0]?.type === "application/json" ? ndjson(records) : arrays(records);
  for (const [i, body] of again.entries()) detected.push(await deliver("ingest", body, i % 2 === 0));
  // What is found out by itself is the same thing again.
  expect(new Set(detected.flatMap((one) => one.groups))).toEqual(groups);
  expect(detected.reduce((sum, { created }) => sum + created, 0)).toBe(0);

  const all = [...named, ...detected];
  const inGroups = await listed(groups);
  expect(all.flatMap(({ ids }) => ids).filter((id) => !inGroups.has(id))).toEqual([]);
  for (const delivery of all) await expectOriginals(delivery);
  return { alerts: records.length, groups: groups.size };
}

/** The records of a body in one line each, which need not be how they stand there. */
function recordsOf({ text, type }: Body): string[] {
  if (type === "application/x-ndjson") return linesOf(text);
  const values: unknown[] = JSON.parse(text);
  return values.map((value) => JSON.stringify(value));
}

describe("look-alikes of every format", () => {
  const perRecord = ["alert", "wazuh", "suricata", "aminer", "generic"] as const;

  it.each(perRecord)(
    "%s goes in under its name, and everything comes back as it was sent",
    async (format) => {
      const lines = fixturesOf[format].flatMap((path) => linesOf(fixtureText(path)));
      expect(lines.length).toBeGreaterThan(4);
      const named = [];
      for (const body of [...ndjson(lines), ...arrays(lines)]) {
        named.push(await deliver(`ingest/${format}`, body, body.type === "application/json"));
      }
      for (const delivery of named) await expectOriginals(delivery);
      const groups = named.map((one) => new Set(one.groups));
      expect(groups[1]).toEqual(groups[0]);
    },
  );

  it.each(["wazuh", "suricata", "aminer", "ossec"] as const)("%s is found out by itself", async (format) => {
    const lines = fixturesOf[format]
      .filter((path) => path.endsWith(".ndjson"))
      .flatMap((path) => linesOf(fixtureText(path)));
    await expectTaken({ format, bodies: ndjson(lines) });
  });

  it.each([
    ["auditd", "auditd/audit.log"],
    ["ossec", "ossec/alerts.log"],
  ] as const)(
    "the text of %s goes in under its name and without, as it stands in its file",
    async (format, path) => {
      const records = fixtureRecords(path).length;
      const body: Body = { text: fixtureText(path), type: "text/plain", records };
      const named = await deliver(`ingest/${format}`, body, false);
      const detected = await deliver("ingest", { ...body, text: body.text.replaceAll("\n", "\r\n") }, true);
      expect(named.groups).toHaveLength(records);
      expect(detected).toMatchObject({ groups: named.groups, created: 0 });
      for (const delivery of [named, detected]) await expectOriginals(delivery);
    },
  );

  it("a webhook of Alertmanager and what Prometheus posts meet in the same groups", async () => {
    const webhook = fixtureText("alertmanager/webhook-firing.json");
    const posted = alertsOfWebhook(webhook);
    await expectAlertmanager(webhook, posted);
    const [file = ""] = fixturesOf.alertmanager.filter((path) => path.endsWith("posted.json"));
    expect((await postAsPrometheus(JSON.stringify(fixtureRecords(file)))).status).toBe(200);
  });
});

function alertsOfWebhook(text: string): unknown[] {
  const { alerts } = JSON.parse(text) as { alerts: unknown[] };
  expect(alerts.length).toBeGreaterThan(0);
  return alerts;
}

async function expectAlertmanager(webhook: string, alerts: unknown[]): Promise<void> {
  const whole: Body = { text: webhook, type: "application/json", records: alerts.length };
  const { groups, ids } = await deliver("ingest/alertmanager", whole, false);
  for (const id of ids) expect(await originalOf(id)).toBe(webhook);
  const detected = await deliver("ingest", whole, true);
  expect(detected).toMatchObject({ groups, created: 0 });

  const before = await countsOf(groups);
  const body = `[${alerts.map((alert) => JSON.stringify(alert, null, 1)).join(",")}]`;
  const answer = await postAsPrometheus(body);
  expect(answer.status, await answer.clone().text()).toBe(200);
  expect(await answer.text()).toBe("");
  await expect.poll(() => countsOf(groups), { timeout: 20_000 }).toBe(before + alerts.length);
}

async function postAsPrometheus(body: string): Promise<Response> {
  const basic = Buffer.from(`prometheus:${await ingestToken()}`).toString("base64");
  const headers = { Authorization: `Basic ${basic}`, "Content-Type": "application/json" };
  return fetch(`${server.url}/compat/alertmanager/api/v2/alerts`, { method: "POST", headers, body });
}

async function ingestToken(): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/tokens`, {
    method: "POST",
    headers: { ...asAdmin, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "prometheus", scopes: ["alerts:write"] }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { token: string }).token;
}

async function countsOf(groups: readonly string[]): Promise<number> {
  let sum = 0;
  for (const id of new Set(groups)) {
    const answer = await fetch(`${server.url}/api/v1/groups/${id}`, { headers: asAdmin });
    sum += ((await answer.json()) as Item).count;
  }
  return sum;
}

const filesIn = (path: string) => readdirSync(resolve(samplesFolder, path)).map((name) => `${path}/${name}`);
const sampleText = (path: string) => readFileSync(resolve(samplesFolder, path), "utf8");

/** `most` is how many groups may be left; AMiner's 200 were picked to be varied, Suricata's show each rule once. */
const samples = [
  { format: "wazuh", what: "ait-raw", pattern: /\/wazuh_(?:no_)?attack_lines\.json$/, alerts: 200, most: 40 },
  {
    format: "aminer",
    what: "ait-raw",
    pattern: /\/aminer_(?:no_)?attack_lines\.json$/,
    alerts: 200,
    most: 55,
  },
  { format: "wazuh", what: "wazuh", pattern: /\/ossec_insect\.json$/, alerts: 497, most: 15 },
  { format: "suricata", what: "suricata", pattern: /\/wrccdc-2017\.alerts\.json$/, alerts: 161, most: 161 },
] as const;

/** Lines go in as lines; an array goes in as the file stands. */
function bodiesOf(text: string): Body[] {
  if (!text.trimStart().startsWith("[")) return ndjson(linesOf(text));
  const values: unknown[] = JSON.parse(text);
  return [{ text, type: "application/json", records: values.length }];
}

describe("real samples", () => {
  it.each(samples)(
    "all $alerts of $what ($format) are taken, fold, and come back as sent",
    async (sample) => {
      const texts = filesIn(sample.what)
        .filter((path) => sample.pattern.test(path))
        .map(sampleText);
      const { alerts, groups } = await expectTaken({
        format: sample.format,
        bodies: texts.flatMap(bodiesOf),
      });
      console.log(`${sample.what}, ${sample.format}: ${alerts} alerts are ${groups} groups`);
      expect(alerts).toBe(sample.alerts);
      expect(groups).toBeLessThanOrEqual(sample.most);
    },
  );

  it("the audit logs of several systems are taken whole", async () => {
    const texts = filesIn("auditd").map(sampleText);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      const records = adapterFor("auditd").textRecords?.(text).length ?? 0;
      await expectOriginals(await deliver("ingest/auditd", { text, type: "text/plain", records }, true));
    }
  });

  it("what Alertmanager sends is taken on both its ways", async () => {
    const webhooks = filesIn("alertmanager")
      .filter((path) => path.endsWith(".json"))
      .map(sampleText);
    expect(webhooks.length).toBeGreaterThan(0);
    for (const webhook of webhooks) await expectAlertmanager(webhook, alertsOfWebhook(webhook));
  });

  beforeEach(({ skip }) => skip(!existsSync(samplesFolder), noSamples));
});
