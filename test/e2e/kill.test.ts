import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { expectExactlyOnce } from "./exactly-once.ts";
import { caughtUp, launchServer, refusedStart, scratchFolder } from "./launch-server.ts";
import { startLoad } from "./load.ts";
import { databasePlace, folderPlace, type StorePlace } from "./store-place.ts";
import { allGroups, copyLog, decisions, originalsOf } from "./stored-state.ts";

const kills = 10;
const senders = 6;
/** How long at the most a server takes alerts before it is killed. */
const longestLifeMs = 800;
const wholeMs = 240_000;

let postgres: PostgresServer;
const places: StorePlace[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  for (const place of places) await place.remove();
  await postgres.stop();
});

async function fresh(kind: string): Promise<StorePlace> {
  const place = await (kind === "the embedded store" ? folderPlace() : databasePlace(postgres.baseUrl));
  places.push(place);
  return place;
}

/** Kills the server at random moments of a flood and reads back from the last one what all of them took. */
async function runKilled(place: StorePlace) {
  const load = startLoad(senders);
  for (let killed = 0; killed < kills; killed += 1) {
    const server = await launchServer(place.settings);
    load.target(server.url);
    await load.answered();
    await sleep(Math.random() * longestLifeMs);
    // What is torn apart is torn in a moment: between two writes, or between an answer and its commit.
    const letGo = killed % 2 === 1 ? await place.holdTriage(killed) : null;
    if (killed % 4 === 2) await load.answered();
    const exit = server.kill("SIGKILL");
    load.target(null);
    expect(await exit).toEqual({ code: null, signal: "SIGKILL" });
    await letGo?.();
  }
  const last = await launchServer(place.settings);
  load.target(last.url);
  await load.finish();
  await caughtUp(last.url);
  const groups = await allGroups(last.url);
  const originals = await originalsOf(last.url, groups);
  expect(last.log()).toBe("");
  expect(await last.stop()).toEqual({ code: 0, signal: null });
  return { batches: load.batches, groups, originals };
}

/** The same log, triaged by one server that nobody disturbs. */
async function runUndisturbed(log: StorePlace, place: StorePlace) {
  const [from, to] = [await log.open(), await place.open()];
  const chunks = await copyLog(from, to).finally(() => Promise.all([from.close(), to.close()]));
  expect(chunks).toBeGreaterThan(kills);
  const server = await launchServer(place.settings);
  await caughtUp(server.url);
  await server.stop();
}

async function decisionsIn(place: StorePlace) {
  const store = await place.open();
  return decisions(store).finally(store.close);
}

describe.each(["the embedded store", "PostgreSQL"])("on %s, killed ten times under load", (kind) => {
  it(
    "keeps every accepted alert once, counts exactly and decides as if nothing had happened",
    async () => {
      const place = await fresh(kind);
      const { batches, groups, originals } = await runKilled(place);

      const alerts = expectExactlyOnce(batches, [...originals.values()].flat());
      expect(groups.filter(({ id, count }) => originals.get(id)?.length !== count).slice(0, 5)).toEqual([]);
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(alerts);
      expect(groups.length).toBeGreaterThan(100);

      const undisturbed = await fresh(kind);
      await runUndisturbed(place, undisturbed);
      const [killed, calm] = [await decisionsIn(place), await decisionsIn(undisturbed)];
      expect(calm.groups).toHaveLength(groups.length);
      expect(calm.events?.length).toBeGreaterThan(groups.length);
      expect(killed).toEqual(calm);
    },
    wholeMs,
  );
});

describe("the lock of a data folder", () => {
  it("keeps a second server out while the first lives, and lets it in after a kill", async () => {
    const folder = await scratchFolder();
    const settings = { QUIETWATCH_DATA_DIR: folder.path };
    const first = await launchServer(settings);
    const second = await refusedStart(settings);
    expect(second).toMatchObject({ code: 1 });
    expect(second.said).toBe(
      `Quietwatch cannot start: ${folder.path} is in use by another Quietwatch (process ${first.pid}); ` +
        "stop it first or set QUIETWATCH_DATA_DIR to another folder.\n",
    );
    await first.kill("SIGKILL");
    const third = await launchServer(settings);
    expect((await fetch(`${third.url}/readyz`)).status).toBe(200);
    await third.stop();
    await folder.remove();
  });
});
