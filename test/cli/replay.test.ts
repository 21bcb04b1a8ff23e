import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonLines, runCli, temporaryFolder } from "./run-cli.ts";

const patience = { timeout: 60_000 };
const start = 1_772_442_000;
const header = "time,name,ip,host,short";

/** Six hours of a small company: noise on every host and a scan that turns into an attack. */
const rows = Array.from({ length: 600 }, (_, i) => {
  const host = `web-${i % 7}.example.com`;
  const ip = `192.0.2.${(i % 7) + 1}`;
  const at = start + i * 36;
  if (i % 97 === 50)
    return `${at},Suricata: Alert - ET WEB_SERVER Possible SQL Injection,${ip},${host},S-Sql`;
  if (i % 11 === 3) return `${at},"Wazuh: sshd: authentication failed, ""root""",${ip},${host},W-Ssh`;
  return `${at},AMiner: New event type.,${ip},${host},A-Evt`;
});
const file = (name: string) => join(folder.path, name);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const text = `${[header, ...rows].join("\n")}\n`;
  await writeFile(file("small.csv"), text);
  await writeFile(file("small.csv.gz"), gzipSync(text));
});
afterAll(() => folder.remove());

const replay = (name: string, ...more: string[]) =>
  runCli(["replay", "--format", "ait-csv", ...more, file(name)]);

describe("a replay of a file", () => {
  it(
    "decides every line once, in the contract's words, the same in every run, packed or not",
    patience,
    async () => {
      const [plain, packed] = await Promise.all([replay("small.csv"), replay("small.csv.gz")]);
      expect(plain.code).toBe(0);
      expect(packed.stdout).toBe(plain.stdout);
      const decisions = jsonLines(plain.stdout);
      expect(decisions.map(({ line }) => line)).toEqual(rows.map((_, i) => i));
      for (const { item, band, visible, interrupts, because, ...rest } of decisions) {
        expect(rest).toEqual({ line: expect.any(Number) });
        expect(item).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(band).toMatch(/^P[1-5]$/);
        expect([true, false]).toContain(visible);
        expect(interrupts && !visible).toBe(false);
        expect(because).toMatch(/\w/);
      }
      expect(new Set(decisions.map(({ item }) => item)).size).toBe(20);
      expect(decisions.filter(({ interrupts }) => interrupts).length).toBeGreaterThan(0);
      expect(plain.stderr).toMatch(/^600 alerts, 20 items, \d+ interruptions\n$/m);
    },
  );

  it("a beginning of the file is decided as it is in the whole of it", patience, async () => {
    await writeFile(file("begin.csv"), [header, ...rows.slice(0, 200)].join("\r\n"));
    const [whole, begin] = await Promise.all([replay("small.csv"), replay("begin.csv")]);
    expect(begin.stdout.trimEnd().split("\n")).toEqual(whole.stdout.split("\n").slice(0, 200));
  });

  it("a line that cannot be read has no decision and steers no terminal", patience, async () => {
    const hostile = [
      `${start},AMiner: New event type.,192.0.2.1,web,A`,
      `${start},Nobody: \u001b[2J,192.0.2.1,web,A`,
      `yesterday,AMiner: New event type.,192.0.2.1,web,A`,
      `"${'""'.repeat(30_000)}`,
      `${start},${"x".repeat(100_000)}`,
      "",
      `${start + 9},"AMiner: \u202e",,"=cmd()|' /C calc'!A0",A`,
      `${start + 1},AMiner: New event type.,192.0.2.1,web,A`,
    ];
    await writeFile(file("hostile.csv"), [`\uFEFF${header}`, ...hostile].join("\n"));
    const { code, stdout, stderr } = await replay("hostile.csv");
    expect(code).toBe(0);
    expect(jsonLines(stdout).map(({ line }) => line)).toEqual([0, 6, 7]);
    for (const line of [1, 2, 3, 4]) expect(stderr).toMatch(new RegExp(`^line ${line}: `, "m"));
    expect(stderr).toContain("4 not readable, 1 out of order");
    expect(stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });

  it("goes by the policy it is given", patience, async () => {
    await writeFile(
      file("policy.yaml"),
      "environments:\n  - name: laboratory\n    weight: 0.1\n    match: { hosts: ['web-*'] }\n",
    );
    const { code, stdout } = await replay("small.csv", "--policy", file("policy.yaml"));
    expect(code).toBe(0);
    expect(jsonLines(stdout).filter(({ visible }) => visible)).toEqual([]);
  });

  it.each([
    ["environments: [{name: a, weight: 2}]", /environments\.0\.weight: .*1/],
    ["environments: [", /neither YAML nor JSON/],
    ["[]", /no policy/],
  ])("refuses the policy %s with the place and the reason", patience, async (text, why) => {
    await writeFile(file("wrong.yaml"), text);
    const { code, stdout, stderr } = await replay("small.csv", "--policy", file("wrong.yaml"));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(why);
  });
});

describe("what it reads", () => {
  const alert = (fields: object) => ({ source: "probe", rule: "r", title: "t", severity: "high", ...fields });

  it(
    "an array and lines of the same alerts give the same decisions, from standard input too",
    patience,
    async () => {
      const alerts = [
        alert({ occurredAt: "2026-03-02T09:00:00Z" }),
        alert({ rule: "s", severity: "critical" }),
        alert({ occurredAt: "2026-03-02T10:00:00Z", title: '], \\ "' }),
      ];
      const read = (stdin: string | Buffer) => runCli(["replay", "--format", "alert", "-"], { stdin });
      const [array, lines] = await Promise.all([
        read(gzipSync(JSON.stringify(alerts, null, 2))),
        read(alerts.map((one) => JSON.stringify(one)).join("\n")),
      ]);
      expect(array.code).toBe(0);
      expect(array.stdout).toBe(lines.stdout);
      expect(jsonLines(array.stdout).map(({ band }) => band)).toEqual(["P3", "P1", "P3"]);
    },
  );

  it.each([
    ["a packed file that ends too early", "cut.csv.gz", /gzip ends too early/],
    ["a file without the header", "headless.csv", /does not begin with the header/],
    ["a file that is not there", "absent.csv", /no such file/],
  ])("%s is one sentence and an exit code of 1", patience, async (_what, name, why) => {
    await writeFile(file("cut.csv.gz"), gzipSync(`${header}\n${rows.join("\n")}`).subarray(0, 900));
    await writeFile(file("headless.csv"), rows.join("\n"));
    const { code, stderr } = await replay(name);
    expect(code).toBe(1);
    expect(stderr).toMatch(why);
  });
});

const samples = process.env.QUIETWATCH_SAMPLES_DIR ?? "../shared/data";
const santos = join(samples, "ait-ads/santos.csv.gz");

it.runIf(existsSync(santos))(
  "130,779 real alerts take less than a minute, each decided once",
  { timeout: 120_000 },
  async () => {
    const from = performance.now();
    const { code, stdout } = await runCli(["replay", "--format", "ait-csv", santos]);
    expect(code).toBe(0);
    expect(stdout.split("\n").length - 1).toBe(130_779);
    expect(performance.now() - from).toBeLessThan(60_000);
  },
);
