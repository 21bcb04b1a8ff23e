import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createLog, startShipper, storedNumbers } from "../cli/ship-scene.ts";
import { freePort } from "./free-port.ts";
import {
  adminToken,
  caughtUp,
  type LaunchedServer,
  launchServer,
  type ScratchFolder,
  scratchFolder,
} from "./launch-server.ts";
import { allGroups } from "./stored-state.ts";
import { until } from "./until.ts";

const wholeMs = 240_000;
let folder: ScratchFolder;
let server: LaunchedServer | null = null;

beforeEach(async () => {
  folder = await scratchFolder();
});
afterEach(async () => {
  await server?.kill("SIGKILL");
  await folder.remove();
});

/** A server that comes back under the same address, and its shipper. */
async function startScene(path: string) {
  const port = String(await freePort());
  const env = { QUIETWATCH_TOKEN: adminToken, QUIETWATCH_PORT: port };
  const settings = { QUIETWATCH_DATA_DIR: join(folder.path, "data"), QUIETWATCH_PORT: port };
  const args = ["--format", "alert", "--state", join(folder.path, "state.json"), path];
  return {
    launch: async () => {
      server = await launchServer(settings);
      return server;
    },
    ship: () => startShipper(args, env),
  };
}

/** A program that writes without a pause, and whose log is rotated now and then, both ways in turn. */
function startWriter(log: ReturnType<typeof createLog>) {
  let isEnding = false;
  let rotations = 0;
  const work = (async () => {
    for (let turn = 1; !isEnding; turn += 1) {
      await log.add(1 + Math.floor(Math.random() * 9));
      if (turn % 60 === 30) await log.rotate(`alerts.json.${900 - rotations++}`);
      // Nobody writes between the copy and the cut, as it would be lost to everybody.
      if (turn % 60 === 0) await log.copyAndTruncate(`alerts.json.${900 - rotations++}`);
      await sleep(20);
    }
  })();
  return {
    end: async () => {
      isEnding = true;
      await work;
      return rotations;
    },
  };
}

it(
  "with server and shipper killed in turn under a log that is rotated, every line is stored once",
  async () => {
    const log = createLog(folder.path, "killed", "alerts.json");
    await log.add(1);
    const { launch, ship } = await startScene(log.path);
    let shipper = ship();
    await until(async () => expect(shipper.stderr()).toMatch(/does not answer.*trying again/));
    const writer = startWriter(log);
    let server = await launch();
    for (let turn = 0; turn < 6; turn += 1) {
      await sleep(300 + Math.random() * 1_500);
      expect(await server.kill("SIGKILL")).toEqual({ code: null, signal: "SIGKILL" });
      if (turn % 2 === 0) {
        expect(await shipper.end("SIGKILL")).toBe(null);
        shipper = ship();
      }
      server = await launch();
      if (turn % 3 === 1) {
        expect(await shipper.end("SIGKILL")).toBe(null);
        shipper = ship();
      }
    }
    expect(await writer.end()).toBeGreaterThan(3);
    await log.add(1);
    await until(async () => {
      const groups = await allGroups(server.url);
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(log.written);
    }, 60_000);
    await sleep(1_000);
    await caughtUp(server.url);
    expect(await storedNumbers(server.url, "killed")).toBe(`1-${log.written}`);
    expect(await shipper.end("SIGTERM")).toBe(0);
    expect(log.written).toBeGreaterThan(1_000);
    await server.stop();
  },
  wholeMs,
);
