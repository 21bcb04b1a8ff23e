import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { createAdaptorServer } from "@hono/node-server";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemActor } from "../../server/auth/actors.ts";
import { migrate, openStore } from "../../server/db/client.ts";
import * as intakeTables from "../../server/db/intake-tables.ts";
import * as quarantineTables from "../../server/db/quarantine-tables.ts";
import * as schema from "../../server/db/schema.ts";
import * as senderTables from "../../server/db/sender-tables.ts";
import * as silenceTables from "../../server/db/silence-tables.ts";
import { readEnv } from "../../server/env.ts";
import { exportAll } from "../../server/services/export/export-all.ts";
import { credentialTable, exportTables, leftOut } from "../../server/services/export/export-tables.ts";
import { importAll } from "../../server/services/export/import-all.ts";
import { type RunningServer, startServer } from "../../server/start-server.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { readText } from "../support/source-files.ts";
import { jsonLines, runCli, temporaryFolder } from "./run-cli.ts";

const patience = { timeout: 90_000 };
const adminToken = "the-administrators-token-of-a-test";
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const at = (name: string) => join(folder.path, name);
const on = (dataDir: string) => ({ env: { QUIETWATCH_DATA_DIR: at(dataDir) } });

/** Everything that stands in a table, each row as text. */
async function contents(dataDir: string): Promise<Record<string, string[]>> {
  const store = await openStore({ dataDir: at(dataDir) });
  try {
    const found: Record<string, string[]> = {};
    for (const { name } of exportTables) {
      const { rows } = await store.pool.query(`select t::text as row from ${name} t order by 1`);
      found[name] = rows.map(({ row }) => String(row));
    }
    return found;
  } finally {
    await store.close();
  }
}

const originals = [
  `{"source":"probe","rule":"a","title":"Ünïcode \\u202e ' \\" \\\\ $1","severity":"critical","raw":{"n":1.10e400}}`,
  `{"source":"probe",   "rule":"b","title":"two  spaces","severity":"low","environment":"development"}`,
];

const alertLine = (source: string, rule: string) =>
  JSON.stringify({ source, rule, title: "t", severity: "info" });

async function withServer<T>(dataDir: string, work: (server: RunningServer) => Promise<T>): Promise<T> {
  const env = { ...readEnv({}), port: 0, dataDir: at(dataDir), adminToken, logLevel: "error" } as const;
  const server = await startServer(env, { pages: null });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function call(server: RunningServer, path: string, body?: string): Promise<Response> {
  return fetch(`${server.url}/api/v1${path}`, {
    headers: {
      Authorization: `Bearer ${adminToken}`,
      "Content-Type": path.startsWith("/alerts") ? "application/x-ndjson" : "application/json",
      Prefer: "wait=20",
    },
    ...(body !== undefined && { method: "POST", body }),
  });
}

/** Sends alerts with two spaces, a note, an undone action; more than a page of the export. */
async function fill(server: RunningServer): Promise<void> {
  const many = Array.from({ length: 700 }, (_, i) => alertLine("many", `r-${i}`));
  const answer = await call(server, "/alerts", [...originals, ...many].join("\n"));
  const { groups } = groupsOf(await answer.json());
  const id = groups[0]?.group;
  await call(server, `/items/${id}/annotate`, JSON.stringify({ text: "A note" }));
  const acted = await call(server, `/items/${id}/acknowledge`, "{}");
  const { actionId } = groupsOf(await acted.json());
  await call(server, `/actions/${actionId}/undo`, "{}");
  await call(server, "/tokens", JSON.stringify({ name: "a sensor", scopes: ["alerts:write"] }));
}

/** The answers of the calls above. */
function groupsOf(answer: unknown) {
  return answer as { groups: { group: string }[]; actionId: string };
}

beforeAll(async () => {
  folder = await temporaryFolder();
  await withServer("full", fill);
}, 120_000);
afterAll(() => folder.remove());

describe("the tables of the store", () => {
  it("are each exported or left out on purpose", () => {
    const all = [schema, senderTables, silenceTables, intakeTables, quarantineTables]
      .flatMap((part): unknown[] => Object.values(part))
      .flatMap((one) => (one instanceof PgTable ? [getTableConfig(one).name] : []));
    const files = readText("drizzle.config.ts").match(/server\/db\/[\w-]+\.ts/g);
    expect(files?.length, "parts of the schema that are looked at here").toBe(5);
    expect(all.length).toBeGreaterThan(15);
    const decided = [...exportTables.map(({ name }) => name), credentialTable.name, ...leftOut];
    expect(decided.sort()).toEqual(all.sort());
  });
});

describe("export and import", () => {
  it("a store that goes through a file is the same store, byte for byte", patience, async () => {
    expect(await runCli(["export", at("all.ndjson.gz")], on("full"))).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    expect((await stat(at("all.ndjson.gz"))).mode & 0o777).toBe(0o600);
    const ran = await runCli(["import", at("all.ndjson.gz")], on("copy"));
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^imported [\d,]+ rows, 702 items\n$/),
    });
    const [full, copy] = [await contents("full"), await contents("copy")];
    expect(full.alert_log?.length).toBeGreaterThan(0);
    expect(full.note).toHaveLength(1);
    expect(copy).toEqual(full);
    await withServer("copy", async (server) => {
      const alerts = await (await call(server, "/queue?source=probe&hidden=include&band=P1")).json();
      const id = String(idOf(alerts));
      const { items } = listOf(await (await call(server, `/groups/${id}/alerts`)).json());
      expect(items.map(({ original }) => original)).toEqual([originals[0]]);
      const again = await call(server, "/alerts", originals.join("\n"));
      expect(groupsOf(await again.json()).groups[0]?.group).toBe(id);
    });
  });

  it("it is a header, rows and an end that counts them; no secret is among them", patience, async () => {
    const lines = jsonLines(gunzipSync(await readFile(at("all.ndjson.gz"))).toString("utf8"));
    expect(lines[0]).toEqual({
      format: "quietwatch-export",
      version: 1,
      schema: expect.any(Number),
      at: expect.stringMatching(/Z$/),
    });
    expect(lines.at(-1)).toMatchObject({ end: true, counts: { item: 702, note: 1, clock: 3 } });
    expect(lines.some(({ table }) => table === "credential")).toBe(false);
    expect(JSON.stringify(lines)).not.toMatch(/qw_(api|ses|link)_/);
  });

  it("hashes of API tokens go along on demand", patience, async () => {
    const { stdout } = await runCli(["export", "-", "--with-credentials"], on("full"));
    const kinds = jsonLines(stdout).filter(({ table }) => table === "credential");
    expect(kinds.map(({ row }) => row)).toEqual([expect.objectContaining({ name: "a sensor", kind: "api" })]);
  });

  it("goes from the embedded store to PostgreSQL and back", { timeout: 180_000 }, async () => {
    const postgres = await startPostgres();
    try {
      const env = { QUIETWATCH_DATABASE_URL: `${postgres.baseUrl}/postgres` };
      expect(await runCli(["import", at("all.ndjson.gz")], { env })).toMatchObject({ code: 0, stderr: "" });
      expect(await runCli(["export", at("postgres.ndjson")], { env })).toMatchObject({ code: 0, stderr: "" });
      expect(await runCli(["import", at("postgres.ndjson")], on("back"))).toMatchObject({
        code: 0,
        stderr: "",
      });
    } finally {
      await postgres.stop();
    }
    const { audit: _, ...full } = await contents("full");
    expect(await contents("back")).toMatchObject(full);
  });
});

describe("an export of a server at work", () => {
  it(
    "is of one moment: triage goes on from it and counts every alert of its log once",
    patience,
    async () => {
      const lines: string[] = [];
      await withServer("busy", async (server) => {
        const send = () =>
          call(
            server,
            "/alerts",
            Array.from({ length: 40 }, (_, i) => alertLine("busy", `r-${i % 9}`)).join("\n"),
          );
        for (let i = 0; i < 10; i += 1) await send();
        const store = server.deps.store;
        const ctx = { db: store.db, clock: Date.now, actor: systemActor, requestId: "a-test" };
        let text = "";
        for await (const piece of await exportAll(ctx, store, { withCredentials: false })) {
          text += piece.toString();
          await send();
        }
        lines.push(...text.trimEnd().split("\n"));
      });
      const store = await openStore({ dataDir: at("moment") });
      await migrate(store);
      await importAll(store, Readable.from(lines));
      const { rows } = await store.pool.query("select sum(alerts)::int as logged from alert_log");
      await store.close();
      expect(rows[0].logged).toBeGreaterThanOrEqual(400);
      const counted = await withServer("moment", async ({ deps }) => {
        for (;;) {
          const { rows: found } = await deps.store.pool.query(`
          select (select sum(count)::int from item) as counted, count(distinct seq) as clocks
          from clock where name in ('log', 'triage')`);
          if (Number(found[0].clocks) === 1) return found[0].counted;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });
      expect(counted).toBe(rows[0].logged);
    },
  );
});

describe("what is not imported", () => {
  let whole: string[];
  beforeAll(async () => {
    whole = gunzipSync(await readFile(at("all.ndjson.gz")))
      .toString("utf8")
      .trimEnd()
      .split("\n");
  });
  const without = (i: number) => whole.filter((_, at) => at !== i);
  const item = () => whole.findIndex((line) => line.includes('"table":"item"'));
  const log = () => whole.findIndex((line) => line.includes('"table":"alert_log"'));
  const changed = (i: number, from: RegExp, to: string) =>
    whole.map((one, at) => (at === i ? one.replace(from, to) : one));

  it("anything damaged: each leaves the store empty, so that the whole one still goes in", {
    timeout: 240_000,
  }, async () => {
    const cases: [string[], RegExp][] = [
      [whole.slice(0, -1), /ends too early/],
      [without(item()), /has 701 of 702 rows of item/],
      [changed(item(), /.$/, ""), /line \d+ is damaged/],
      [changed(0, /"version":1/, '"version":2'), /newer release/],
      [changed(0, /quietwatch-export/, "other"), /no export of Quietwatch/],
      [changed(item(), /"row":{/, '"row":{"id) select 1; --":1,'), /item has no id\) select/],
      [changed(item(), /"table":"item"/, '"table":"pg_class"'), /no row of a table/],
      [[...whole, whole[1] ?? ""], /comes after the end/],
      [changed(log(), /"bytes": ?"[^"]{4}/, '"bytes":"!'), /the store refuses a row/],
    ];
    const store = await openStore({ dataDir: at("once") });
    await migrate(store);
    for (const [lines, why] of cases) {
      await expect(importAll(store, Readable.from(lines))).rejects.toThrow(why);
    }
    await store.close();
    const cut = gzipSync(whole.join("\n")).subarray(0, 5_000);
    expect((await runCli(["import", "-"], { ...on("once"), stdin: cut })).stderr).toMatch(
      /gzip ends too early/,
    );
    expect((await runCli(["import", at("all.ndjson.gz")], on("once"))).code).toBe(0);
  });

  it("anything into a store that is in use", patience, async () => {
    const before = await contents("copy");
    const { code, stderr } = await runCli(["import", at("all.ndjson.gz")], on("copy"));
    expect([code, stderr]).toEqual([
      1,
      "quietwatch: the store is not empty; import into a new data folder or database\n",
    ]);
    expect(await contents("copy")).toEqual(before);
  });

  it("what an import that was killed left is done again from the start", patience, async () => {
    const store = await openStore({ dataDir: at("killed") });
    await migrate(store);
    await store.pool.query("insert into clock (name, seq) values ('import', 1)");
    await store.pool.query(
      "insert into person (id, name, role, created_at) values (gen_random_uuid(), 'a', 'admin', now())",
    );
    await store.close();
    await expect(
      startServer(readEnv({ QUIETWATCH_DATA_DIR: at("killed") }), { pages: null }),
    ).rejects.toThrow("an import into this store did not end");
    expect((await runCli(["import", at("all.ndjson.gz")], on("killed"))).code).toBe(0);
    expect((await contents("killed")).clock).toEqual((await contents("full")).clock);
  });
});

describe("while a server runs", () => {
  it("export goes through it, with its scopes; import says to stop it", patience, async () => {
    await withServer("full", async (server) => {
      const env = { QUIETWATCH_DATA_DIR: at("full"), QUIETWATCH_PUBLIC_URL: server.url };
      const noToken = await runCli(["export", at("live.ndjson")], { env });
      expect(noToken.stderr).toMatch(/needs a token/);
      const made = await call(server, "/tokens", JSON.stringify({ name: "few", scopes: ["queue:read"] }));
      const few = tokenOf(await made.json());
      const refused = await runCli(["export", at("live.ndjson"), "--token", few], { env });
      expect(refused.stderr).toMatch(/needs the scope data:export/);
      expect(existsSync(at("live.ndjson"))).toBe(false);

      const done = await runCli(["export", at("live.ndjson"), "--token", adminToken], { env });
      expect(done).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(jsonLines(await readFile(at("live.ndjson"), "utf8")).at(-1)).toMatchObject({
        counts: { item: 702 },
      });

      const text = await (await call(server, "/export/alerts.ndjson")).text();
      const lines = jsonLines(text);
      expect(lines).toHaveLength(702);
      expect(lines.slice(0, 2).map(({ original }) => original)).toEqual(originals);
      expect(new Set(lines.map(({ id }) => id)).size).toBe(702);
      const same = await (await call(server, `/alerts/${lines[1]?.id}`)).json();
      expect(lines[1]).toEqual(same);
      const future = await call(
        server,
        `/export/alerts.ndjson?from=${new Date(Date.now() + 60_000).toISOString()}`,
      );
      expect(await future.text()).toBe("");

      const imported = await runCli(["import", at("all.ndjson.gz")], { env });
      expect(imported.stderr).toMatch(/stop it first/);
    });
  });

  it("a stream that breaks off leaves no file", patience, async () => {
    const cut = await serve(
      new Hono().get("/api/v1/export/all.ndjson", (c) => c.text('{"format":"quietwatch-export"}\n')),
    );
    const args = ["export", at("cut.ndjson"), "--server", cut.url, "--token", "t"];
    const { code, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([1, "quietwatch: the export broke off before its end\n"]);
    expect([existsSync(at("cut.ndjson")), existsSync(at("cut.ndjson.partial"))]).toEqual([false, false]);
    await cut.stop();
  });

  it("a folder without a store is not made into one", patience, async () => {
    const { code } = await runCli(["export", "-"], on("no-such-folder"));
    expect([code, existsSync(at("no-such-folder"))]).toEqual([1, false]);
  });
});

const idOf = (list: unknown) => listOf(list).items[0]?.id;

/** A page of a list, of which a test reads two fields. */
function listOf(list: unknown) {
  return list as { items: { id: string; original: string }[] };
}

/** The answer that creates a token. */
function tokenOf(answer: unknown): string {
  return (answer as { token: string }).token;
}

async function serve(app: Pick<Hono, "fetch">) {
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : "";
  return { url: `http://127.0.0.1:${port}`, stop: async () => void server.close() };
}
