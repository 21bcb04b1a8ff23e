import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, type TestContext } from "vitest";
import type { IntakeAnswer } from "../../shared/alert.ts";
import { expectExactlyOnce } from "./exactly-once.ts";
import {
  asAdmin,
  caughtUp,
  type LaunchedServer,
  launchServer,
  refusedStart,
  type ScratchFolder,
  scratchFolder,
} from "./launch-server.ts";
import { type Batch, type Load, startLoad } from "./load.ts";
import { allGroups, originalsOf } from "./stored-state.ts";
import { until } from "./until.ts";

const folders: ScratchFolder[] = [];
const mounts: string[] = [];
let server: LaunchedServer | null = null;

afterEach(async () => {
  await server?.kill("SIGKILL");
  server = null;
  taken.length = 0;
  for (const mount of mounts.splice(0)) execFileSync("umount", [mount]);
  for (const folder of folders.splice(0)) await folder.remove();
});

async function folder(): Promise<string> {
  const scratch = await scratchFolder();
  folders.push(scratch);
  return scratch.path;
}

/** A file system of its own, in memory; skips where nobody may mount one. */
async function smallDisk(context: TestContext, megabytes: number): Promise<string> {
  const path = await folder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    context.skip(
      `this user may not mount a small file system (${error instanceof Error ? error.message.split("\n")[1] : error})`,
    );
  }
  mounts.push(path);
  return path;
}

/** Requests of the test itself that were taken before there was no room. */
const taken: Batch[] = [];

async function post(url: string): Promise<Response> {
  const name = `probe.${taken.length}.${Math.random()}`;
  const alert = { source: "s", rule: "r", title: "t", severity: "low", labels: { name }, raw: { name } };
  const headers = { ...asAdmin, "Content-Type": "application/json" };
  const answer = await fetch(`${url}/api/v1/alerts`, {
    method: "POST",
    headers,
    body: JSON.stringify(alert),
  });
  if (answer.status === 202) {
    const { receipt } = (await answer.json()) as IntakeAnswer;
    taken.push({ names: [name], key: null, receipt });
  }
  return answer;
}

/** Waits until alerts are refused for want of room, and gives what health says of it. */
async function refused(url: string, code: string): Promise<Record<string, { ok: boolean; says: string }>> {
  const answer = await until(async () => {
    const one = await post(url);
    expect(one.status).toBe(503);
    return one;
  }, 40_000);
  expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ error: { code } });
  const health = await fetch(`${url}/readyz`);
  expect(health.status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const { checks } = (await health.json()) as { checks: Record<string, { ok: boolean; says: string }> };
  return checks;
}

async function allGoesOn(url: string, load: Load): Promise<void> {
  await until(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), 20_000);
  await load.answered();
  await load.finish();
  expect(load.batches.filter(({ receipt }) => receipt === null)).toEqual([]);
  await caughtUp(url);
  const groups = await allGroups(url);
  const originals = await originalsOf(url, groups);
  const alerts = expectExactlyOnce([...load.batches, ...taken], [...originals.values()].flat());
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(alerts);
}

const blockBytes = 1 << 20;
/** Soft, so that it can be raised again. */
const limit = (pid: number, bytes: string) =>
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);

describe("a store that may not grow", () => {
  it("takes nothing that is not on disk, says why, and goes on once it may", async () => {
    const path = await folder();
    server = await launchServer({ QUIETWATCH_DATA_DIR: path });
    const load = startLoad(2);
    load.target(server.url);
    for (let i = 0; i < 3; i += 1) await load.answered();
    // Less than a file of the database's own log has: no new one can be made, and soon no table can grow.
    limit(server.pid, "65536");
    const checks = await refused(server.url, "unavailable");
    const wrong = Object.values(checks).filter(({ ok }) => !ok);
    expect(wrong.map(({ says }) => says).join()).toMatch(/File too large|cannot|had to stop/);
    await sleep(1_000);
    limit(server.pid, "unlimited");
    await allGoesOn(server.url, load);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});

describe("a disk that fills up under load", () => {
  it("is told of in words, and nothing accepted is lost, also when the server is killed on it", async (context) => {
    const disk = await smallDisk(context, 256);
    const path = join(disk, "data");
    server = await launchServer({ QUIETWATCH_DATA_DIR: path });
    const load = startLoad(2);
    load.target(server.url);
    for (let i = 0; i < 3; i += 1) await load.answered();
    const ballast = join(disk, "ballast");
    const { bavail, bsize } = statfsSync(disk);
    // All but a little: whatever is written now may meet the end.
    await writeFile(ballast, Buffer.alloc(bavail * bsize - blockBytes));
    const checks = await refused(server.url, "unavailable");
    expect(checks.disk).toEqual({
      ok: false,
      says: expect.stringMatching(/^\d+ of 256 MB free; alerts are taken again from 64 MB on$/),
    });
    await sleep(500);
    load.target(null);
    await server.kill("SIGKILL");
    await truncate(ballast, 0);
    server = await launchServer({ QUIETWATCH_DATA_DIR: path });
    load.target(server.url);
    await writeFile(ballast, Buffer.alloc((statfsSync(disk).bavail - 8 * 256) * bsize));
    await refused(server.url, "unavailable");
    await rm(ballast);
    await allGoesOn(server.url, load);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  it("is one sentence at the start when it is full, or can only be read", async (context) => {
    const disk = await smallDisk(context, 128);
    const path = join(disk, "data");
    const { bavail, bsize } = statfsSync(disk);
    await writeFile(join(disk, "ballast"), Buffer.alloc(bavail * bsize - 4 * blockBytes));
    const full = await refusedStart({ QUIETWATCH_DATA_DIR: path });
    expect(full).toMatchObject({ code: 1, said: expect.stringMatching(/^Quietwatch cannot start: .*\.\n$/) });
    expect(full.said).toContain(path);
    await rm(join(disk, "ballast"));
    await rm(path, { recursive: true, force: true });
    server = await launchServer({ QUIETWATCH_DATA_DIR: path });
    await server.stop();
    execFileSync("mount", ["-o", "remount,ro", disk]);
    const readOnly = await refusedStart({ QUIETWATCH_DATA_DIR: path });
    expect(readOnly).toEqual({
      code: 1,
      signal: null,
      said: `Quietwatch cannot start: QUIETWATCH_DATA_DIR must be a folder that can be written; ${path} is not (EROFS).\n`,
    });
  });
});
