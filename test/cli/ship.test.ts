import { appendFile, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnv } from "../../server/env.ts";
import { type RunningServer, startServer } from "../../server/start-server.ts";
import { adminToken } from "../e2e/launch-server.ts";
import { allGroups } from "../e2e/stored-state.ts";
import { until } from "../e2e/until.ts";
import { runCli, temporaryFolder } from "./run-cli.ts";
import { alertLine, createLog, startShipper, storedNumbers } from "./ship-scene.ts";

const patience = { timeout: 60_000 };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: RunningServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  const dataDir = join(folder.path, "data");
  const settings = { ...readEnv({}), port: 0, dataDir, adminToken, logLevel: "error" } as const;
  server = await startServer(settings, { pages: null });
}, 120_000);
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

const env = () => ({ QUIETWATCH_TOKEN: adminToken, QUIETWATCH_PORT: new URL(server.url).port });
const stateOf = (source: string) => ["--state", join(folder.path, `${source}.state`)];
const ship = (source: string, ...args: string[]) =>
  startShipper(["--format", "alert", ...stateOf(source), ...args], env());
const shipOnce = async (source: string, ...args: string[]) => {
  const shipper = ship(source, "--once", ...args);
  expect(await shipper.ended).toBe(0);
  return shipper;
};
const stored = (source: string) => storedNumbers(server.url, source);
/** Waits until as many are there before it looks at each, which takes long where there are thousands. */
const holds = async (source: string, count: number) => {
  await until(async () => {
    const groups = (await allGroups(server.url)).filter((group) => group.source === source);
    expect(groups.reduce((sum, group) => sum + group.count, 0)).toBeGreaterThanOrEqual(count);
  }, 30_000);
  expect(await stored(source)).toBe(count === 1 ? "1" : `1-${count}`);
};

describe("a file that grows", () => {
  it(
    "is sent line by line as it comes, a line that is cut off when the rest has come",
    patience,
    async () => {
      const log = createLog(folder.path, "grows");
      const shipper = ship("grows", log.path);
      await log.add(2);
      await holds("grows", 2);
      const rest = await log.add(3, true);
      await holds("grows", 4);
      await sleep(1_500);
      expect(await stored("grows")).toBe("1-4");
      await log.append(rest);
      await holds("grows", 5);
      expect(await shipper.end("SIGTERM")).toBe(0);
      expect([shipper.stdout(), shipper.stderr()]).toEqual(["accepted 5, rejected 0\n", ""]);
    },
  );

  it("goes on where it was after a stop, in any number of batches", patience, async () => {
    const log = createLog(folder.path, "stops");
    for (const count of [2_500, 0, 1, 1_700]) {
      await log.add(count);
      await shipOnce("stops", log.path);
    }
    await holds("stops", 4_201);
  });

  it("may begin at its end, without the line that is not whole yet lost", patience, async () => {
    const log = createLog(folder.path, "late");
    const rest = await log.add(3, true);
    await shipOnce("late", log.path, "--from", "end");
    await log.append(rest);
    await log.add(1);
    await shipOnce("late", log.path, "--from", "end");
    await until(async () => expect(await stored("late")).toBe("3-4"));
  });
});

describe("a file that is rotated", () => {
  it("by its name: the old one is read to its end, also what still came there", patience, async () => {
    const log = createLog(folder.path, "renamed");
    const shipper = ship("renamed", log.path);
    await log.add(5);
    await holds("renamed", 5);
    await log.add(5);
    await log.rotate("renamed.json.1");
    const old = createLog(folder.path, "renamed", "renamed.json.1");
    await old.append(`${alertLine("renamed", 11)}\n`);
    await log.append(`${alertLine("renamed", 12)}\n`);
    await sleep(1_000);
    await old.append(`${alertLine("renamed", 13)}\n`);
    await holds("renamed", 13);
    await shipper.end("SIGTERM");
    expect(shipper.stdout()).toBe("accepted 13, rejected 0\n");
  });

  it("by copying and cutting it off, between two looks at it", patience, async () => {
    const log = createLog(folder.path, "copied");
    const shipper = ship("copied", log.path);
    await log.add(20);
    await holds("copied", 20);
    for (const [i, count] of [30, 400, 5].entries()) {
      await log.add(25);
      await log.copyAndTruncate(`copied.json.${9 - i}`);
      // Shorter than before, and much longer.
      await log.add(count);
      await holds("copied", log.written);
    }
    await shipper.end("SIGTERM");
    expect(shipper.stderr()).toBe("");
  });

  it.each([
    ["renamed", "asleep-renamed", "rotate"],
    ["copied", "asleep-copied", "copyAndTruncate"],
  ] as const)(
    "%s more than once while nobody looked, the oldest packed",
    patience,
    async (_how, source, turn) => {
      const log = createLog(folder.path, source);
      await log.add(1_200);
      await shipOnce(source, log.path);
      await log.add(3);
      await log[turn](`${source}.json.3`);
      await sleep(20);
      await log.add(2);
      await log[turn](`${source}.json.2`);
      await sleep(20);
      await log.add(1, true);
      await log[turn](`${source}.json.1`);
      await log.add(4);
      await pack(join(folder.path, `${source}.json.3`));
      const shipper = await shipOnce(source, log.path);
      await until(async () => expect(await stored(source)).toBe("1-1205 1207-1210"));
      expect(shipper.stderr()).toMatch(
        /^quietwatch: \S+\.json\.1 at byte 0: rejected: .*not valid JSON: .+\n$/,
      );
    },
  );

  it("and thrown away says what is not found, and goes on", patience, async () => {
    const log = createLog(folder.path, "gone");
    await log.add(3);
    await shipOnce("gone", log.path);
    const { size } = await stat(log.path);
    await rm(log.path);
    await log.add(2);
    const shipper = await shipOnce("gone", log.path);
    await holds("gone", 5);
    expect(shipper.stderr()).toBe(
      `quietwatch: ${log.path} was cut off or replaced; what came after byte ${size}, if anything, is not found\n`,
    );
  });
});

describe("a log whose records have several lines", () => {
  it(
    "is sent record by record, through a rotation, though they are written line by line",
    patience,
    async () => {
      const path = join(folder.path, "alerts.log");
      const record = (n: number) => [
        `** Alert 1795435200.${n}: - syslog,sshd,`,
        "2026 Nov 23 12:00:00 (shop-web-1) 192.0.2.31->/var/log/auth.log",
        `Rule: ${5700 + (n % 2)} (level 5) -> 'Login failed.'`,
        `sshd[${n}]: Failed password`,
        "",
      ];
      const shipper = startShipper(["--format", "ossec", path, ...stateOf("ossec")], env());
      for (let n = 1; n <= 6; n += 1) {
        for (const line of record(n)) {
          await appendFile(path, `${line}\n`);
          await sleep(60);
        }
        if (n === 4) await rename(path, `${path}.1`);
      }
      await until(async () => {
        const groups = (await allGroups(server.url)).filter(({ source }) => source === "ossec");
        expect(groups.map(({ count }) => count)).toEqual([3, 3]);
      });
      await shipper.end("SIGTERM");
      expect([shipper.stdout(), shipper.stderr()]).toEqual(["accepted 6, rejected 0\n", ""]);
    },
  );
});

/** As logrotate does: the time of the last line stays. */
async function pack(path: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
  await rm(path);
  await utimes(`${path}.gz`, atime, mtime);
}

describe("a crash of the shipper", () => {
  it("at any moment loses nothing and doubles nothing", { timeout: 120_000 }, async () => {
    const log = createLog(folder.path, "crashes");
    let stopped = 0;
    for (let turn = 0; turn < 12; turn += 1) {
      await log.add(600);
      if (turn % 4 === 2) await log.copyAndTruncate(`crashes.json.${99 - turn}`);
      if (turn % 4 === 3) await log.rotate(`crashes.json.${99 - turn}`);
      const shipper = ship("crashes", log.path);
      await sleep(200 + Math.random() * 900);
      if ((await shipper.end("SIGKILL")) === null) stopped += 1;
    }
    expect(stopped).toBe(12);
    await log.add(1);
    await shipOnce("crashes", log.path);
    await holds("crashes", 7_201);
  });
});

describe("what the server does not take", () => {
  it("is said with its place in the file, what is alike once, and the rest goes on", patience, async () => {
    const log = createLog(folder.path, "wrong");
    await log.add(1);
    const first = (await stat(log.path)).size;
    await log.append(`nonsense \u001b[2J\n\n{"source":"wrong"}\n{}\n{"source":"wrong"}\n`);
    await log.append(Buffer.from([0x7b, 0xff, 0x7d, 0x0a]).toString("latin1"));
    await log.add(1);
    const shipper = await shipOnce("wrong", log.path);
    await until(async () => expect(await stored("wrong")).toBe("1-2"));
    expect(shipper.stdout()).toBe("accepted 2, rejected 5\n");
    expect(shipper.stderr()).toContain(
      `${log.path} at byte ${first}: rejected: the line is not valid JSON: `,
    );
    expect(shipper.stderr()).toMatch(/at byte \d+ and \d more of this batch: rejected: (source|rule): /);
  });

  it("only for its size is sent in smaller batches", patience, async () => {
    const path = join(folder.path, "large.json");
    const alertOf = (record: number, n: number) => ({
      status: "firing",
      labels: { alertname: `Large${record}`, instance: `host-${n}.example.com`, severity: "none" },
      annotations: {},
      startsAt: "2026-11-20T08:00:00Z",
    });
    const notification = (record: number) => {
      const alerts = Array.from({ length: 1_100 }, (_, n) => alertOf(record, n));
      return JSON.stringify({ version: "4", groupKey: `${record}`, status: "firing", receiver: "r", alerts });
    };
    await writeFile(path, `${Array.from({ length: 12 }, (_, i) => notification(i)).join("\n")}\n`);
    const shipper = startShipper(["--format", "alertmanager", path, "--once", ...stateOf("large")], env());
    expect(await shipper.ended).toBe(0);
    expect([shipper.stdout(), shipper.stderr()]).toEqual(["accepted 13,200, rejected 0\n", ""]);
  });

  it("because of the token stops it with a sentence, and nothing is lost", patience, async () => {
    const log = createLog(folder.path, "refused");
    await log.add(3);
    const shipper = ship("refused", log.path, "--token", "qw_api_nobody");
    expect(await shipper.ended).toBe(1);
    expect(shipper.stderr()).toMatch(/^quietwatch: the server does not let this token send \(401\): .*\n$/);
    const tokenFile = join(folder.path, "token");
    await writeFile(tokenFile, `${adminToken}\n`);
    await shipOnce("refused", log.path, "--token-file", tokenFile);
    await holds("refused", 3);
  });
});

describe("files and positions", () => {
  it(
    "several, by name and by pattern, new ones as they come, without what rotations left",
    patience,
    async () => {
      const one = createLog(folder.path, "many", "many-a.json");
      await one.add(2);
      const shipper = ship("many", join(folder.path, "many-*.json*"), "--only", '"many"');
      await holds("many", 2);
      await writeFile(
        join(folder.path, "many-b.json"),
        `${alertLine("other", 1)}\n${alertLine("many", 3)}\n`,
      );
      await holds("many", 3);
      await one.rotate("many-a.json.1");
      await one.append(`${alertLine("many", 4)}\n`);
      await holds("many", 4);
      await shipper.end("SIGTERM");
      expect(shipper.stdout()).toBe("accepted 4, rejected 0\n");
    },
  );

  it("two shippers do not share a position", patience, async () => {
    const log = createLog(folder.path, "shared");
    await log.add(1);
    const first = ship("shared", log.path);
    await holds("shared", 1);
    const second = ship("shared", log.path);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toMatch(/shared\.state is in use by process \d+; name another with --state\n$/);
    await first.end("SIGTERM");
  });

  it("positions that cannot be read stop it before anything is sent again", patience, async () => {
    const log = createLog(folder.path, "broken");
    await log.add(1);
    await writeFile(join(folder.path, "broken.state"), '{"version":1,');
    const args = ["ship", "--format", "alert", log.path, ...stateOf("broken")];
    const { code, stderr } = await runCli(args, { env: env() });
    expect([code, stderr]).toEqual([
      1,
      `quietwatch: ${join(folder.path, "broken.state")} holds no positions of this release; move it away to begin anew\n`,
    ]);
  });
});
