import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Me } from "../../shared/access.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { expectExactlyOnce } from "./exactly-once.ts";
import {
  adminToken,
  asAdmin,
  caughtUp,
  launchServer,
  refusedStart,
  type ScratchFolder,
  type Settings,
  scratchFolder,
} from "./launch-server.ts";
import { startLoad } from "./load.ts";
import { signInByLink } from "./sign-in.ts";
import { databasePlace, folderPlace, type StorePlace } from "./store-place.ts";
import { allGroups, originalsOf } from "./stored-state.ts";

let folder: ScratchFolder;
let postgres: PostgresServer;

beforeAll(async () => {
  [folder, postgres] = await Promise.all([scratchFolder(), startPostgres()]);
});

afterAll(async () => {
  await postgres.stop();
  await folder.remove();
});

const linkIn = (said: string) => /Sign in .*(http:\S+)\n$/.exec(said)?.[1] ?? "";

describe("what a start says", () => {
  it("is where it is, and a sign-in link until somebody has signed in", async () => {
    const settings = { QUIETWATCH_DATA_DIR: join(folder.path, "said") };
    const first = await launchServer(settings);
    const unused = linkIn(first.output());
    expect(unused).toMatch(new RegExp(`^${first.url}/sign-in#\\S{20,}$`));
    expect(await first.stop()).toEqual({ code: 0, signal: null });

    const second = await launchServer(settings);
    expect(linkIn(second.output())).not.toBe(unused);
    const cookie = await signInByLink(second.url, linkIn(second.output()));
    const me = await fetch(`${second.url}/api/v1/me`, { headers: { Cookie: cookie } });
    expect(await me.json()).toMatchObject({ name: "Administrator", role: "admin" } satisfies Partial<Me>);
    await expect(signInByLink(second.url, linkIn(second.output()))).rejects.toThrow("the link answered 401");
    await second.stop();

    const third = await launchServer(settings);
    expect(third.output()).toBe(
      `Quietwatch is ready.\n  Dashboard and API  ${third.url}\n` +
        `  Store              embedded, in ${settings.QUIETWATCH_DATA_DIR}\n`,
    );
    expect((await fetch(`${third.url}/api/v1/me`, { headers: { Cookie: cookie } })).status).toBe(200);
    await third.stop();
  });

  it("names the store on PostgreSQL without its address, and reads a value from a file", async () => {
    const place = await databasePlace(postgres.baseUrl);
    const file = join(folder.path, "token");
    await writeFile(file, `${adminToken}\n`);
    const fromFile = { QUIETWATCH_ADMIN_TOKEN: "", QUIETWATCH_ADMIN_TOKEN_FILE: file };
    const server = await launchServer({ ...place.settings, ...fromFile });
    expect(server.output()).toContain("  Store              PostgreSQL\n");
    expect((await fetch(`${server.url}/api/v1/me`, { headers: asAdmin })).status).toBe(200);
    await server.stop();
    await place.remove();
  });
});

describe("a start that is refused", () => {
  const refusals: [Settings, string][] = [
    [{ QUIETWATCH_PORT: "many" }, 'QUIETWATCH_PORT must be a port from 0 to 65535; it is "many".'],
    [{ QUIETWATCH_PORT: "65536" }, 'QUIETWATCH_PORT must be a port from 0 to 65535; it is "65536".'],
    [{ QUIETWATCH_ADMIN_TOKEN: "short" }, "QUIETWATCH_ADMIN_TOKEN must have at least 16 characters."],
    [
      { QUIETWATCH_DATABASE_URL: "mysql://db.example.com/quietwatch" },
      "QUIETWATCH_DATABASE_URL must begin with postgres:// or be left out.",
    ],
    [
      { QUIETWATCH_PUBLIC_URL: "quietwatch.example.com" },
      'QUIETWATCH_PUBLIC_URL must be an http or https address; it is "quietwatch.example.com".',
    ],
    [
      { QUIETWATCH_LOG_LEVEL: "loud" },
      'QUIETWATCH_LOG_LEVEL must be one of error, warn, info, debug; it is "loud".',
    ],
    [
      { QUIETWATCH_LOG_LEVEL: "", QUIETWATCH_LOG_LEVEL_FILE: "/nowhere/level" },
      "QUIETWATCH_LOG_LEVEL_FILE must be the path of a readable file; /nowhere/level is not.",
    ],
    [
      { QUIETWATCH_DATABASE_URL: "postgres://someone:secret@127.0.0.1:1/quietwatch" },
      "QUIETWATCH_DATABASE_URL must lead to a PostgreSQL that lets us in; there is none at 127.0.0.1:1 (ECONNREFUSED).",
    ],
  ];

  it.each(refusals)("%o: %s", async (settings, sentence) => {
    expect(await refusedStart(settings)).toEqual(refusal(sentence));
  });

  const refusal = (sentence: string) => ({
    code: 1,
    signal: null,
    said: `Quietwatch cannot start: ${sentence}\n`,
  });

  it("says what PostgreSQL said", async () => {
    const { host } = new URL(postgres.baseUrl);
    const settings = { QUIETWATCH_DATABASE_URL: `${postgres.baseUrl}/missing` };
    expect(await refusedStart(settings)).toEqual(
      refusal(
        "QUIETWATCH_DATABASE_URL must lead to a PostgreSQL that lets us in; " +
          `there is none at ${host} (database "missing" does not exist).`,
      ),
    );
  });

  it("names a data folder that is none", async () => {
    const file = join(folder.path, "file");
    await writeFile(file, "not a folder");
    expect(await refusedStart({ QUIETWATCH_DATA_DIR: file })).toEqual(
      refusal(`QUIETWATCH_DATA_DIR must be a folder that can be written; ${file} is not (EEXIST).`),
    );
  });

  it("names a port that is taken, and an address that is not this machine's", async () => {
    const settings = { QUIETWATCH_DATA_DIR: join(folder.path, "taken") };
    const first = await launchServer({ QUIETWATCH_DATA_DIR: join(folder.path, "taker") });
    const { port } = new URL(first.url);
    expect(await refusedStart({ ...settings, QUIETWATCH_PORT: port })).toEqual(
      refusal(`port ${port} of 127.0.0.1 is taken; set QUIETWATCH_PORT to another one.`),
    );
    expect(await refusedStart({ ...settings, QUIETWATCH_HOST: "203.0.113.1" })).toEqual(
      refusal(
        "it cannot listen on 203.0.113.1, port 0 (EADDRNOTAVAIL); QUIETWATCH_HOST and QUIETWATCH_PORT say where.",
      ),
    );
    await first.stop();
  });
});

describe("the demo", () => {
  it("plays an hour on a store that nobody finds afterwards, with a link for its lead", async () => {
    const { path, remove } = await scratchFolder();
    const demo = await launchServer({ TMPDIR: path }, "demo");
    expect(readdirSync(path)).toEqual([expect.stringMatching(/^quietwatch-demo-/)]);
    const groups = await allGroups(demo.url);
    expect(new Set(groups.map(({ environment }) => environment)).size).toBe(3);
    expect(groups.filter(({ band, hidden }) => band === "P1" && hidden === null)).not.toEqual([]);
    expect(groups.filter(({ noteCount }) => noteCount > 0)).not.toEqual([]);
    // The story goes back forty minutes, in the time of the server itself.
    const first = Math.min(...groups.map(({ firstSeen }) => Date.parse(firstSeen)));
    expect((Date.now() - first) / 60_000).toBeGreaterThan(39);

    const cookie = await signInByLink(demo.url, linkIn(demo.output()));
    const me = await fetch(`${demo.url}/api/v1/me`, { headers: { Cookie: cookie } });
    expect(await me.json()).toMatchObject({ name: "Demo lead", role: "lead" } satisfies Partial<Me>);
    expect(await demo.stop()).toEqual({ code: 0, signal: null });
    expect(readdirSync(path)).toEqual([]);
    await remove();
  });
});

describe.each([
  ["the embedded store", folderPlace],
  ["PostgreSQL", () => databasePlace(postgres.baseUrl)],
] as const)("SIGTERM on %s", (_kind, newPlace) => {
  async function everything(url: string) {
    await caughtUp(url);
    return [...(await originalsOf(url, await allGroups(url))).values()].flat();
  }

  async function runStopped(place: StorePlace) {
    const load = startLoad(4);
    const server = await launchServer(place.settings);
    const stream = await fetch(`${server.url}/api/v1/stream`, { headers: asAdmin });
    const ended = stream.text().catch(() => "broken off");
    load.target(server.url);
    await load.answered();
    await sleep(500);
    const stopped = server.stop();
    expect(await stopped).toEqual({ code: 0, signal: null });
    load.target(null);
    await ended;
    return { load, log: server.log() };
  }

  it("ends it cleanly in the middle of requests and streams, and nothing accepted is lost", async () => {
    const place = await newPlace();
    const { load, log } = await runStopped(place);
    expect(log).toBe("");
    const dataDir = place.settings.QUIETWATCH_DATA_DIR;
    if (dataDir !== undefined) expect(existsSync(join(dataDir, "lock"))).toBe(false);

    const server = await launchServer(place.settings);
    load.target(server.url);
    await load.finish();
    expect(expectExactlyOnce(load.batches, await everything(server.url))).toBeGreaterThan(0);
    await server.stop();
    await place.remove();
  });
});
