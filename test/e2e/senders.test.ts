import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TokenCreated } from "../../shared/access.ts";
import type { IntakeAnswer } from "../../shared/alert.ts";
import type { Item } from "../../shared/group.ts";
import { root } from "../support/source-files.ts";
import { startDebianProgram } from "./debian-program.ts";
import { type Foreground, startForeground } from "./foreground.ts";
import { freePort } from "./free-port.ts";
import {
  asAdmin,
  type LaunchedServer,
  launchServer,
  type ScratchFolder,
  scratchFolder,
} from "./launch-server.ts";
import { snippet, snippetsOfPage } from "./page-snippets.ts";
import { allGroups } from "./stored-state.ts";
import { until } from "./until.ts";

const run = promisify(execFile);
const everywhere = "http://127.0.0.1:8787";
let folder: ScratchFolder;
let server: LaunchedServer;
let token: string;
const at = (...names: string[]) => join(folder.path, ...names);

beforeAll(async () => {
  folder = await scratchFolder();
  server = await launchServer({ QUIETWATCH_DATA_DIR: at("data") });
  const made = await fetch(`${server.url}/api/v1/tokens`, {
    method: "POST",
    headers: { ...asAdmin, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "a sender", scopes: ["alerts:write"], environments: null, services: null }),
  });
  ({ token } = (await made.json()) as TokenCreated);
  await writeFile(at("token"), `${token}\n`);
  await sh("# /etc/quietwatch/header", { "/etc/quietwatch/header": at("header") });
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

/** Runs a block of the page as a person would who stands in the folder of the project's alerts. */
async function sh(mark: string, replacements: Readonly<Record<string, string>> = {}): Promise<string> {
  const script = snippet(mark, replacements).replaceAll("npm run -s cli --", `node ${cli}`);
  const env = { ...process.env, QUIETWATCH: server.url, QUIETWATCH_PUBLIC_URL: server.url, TOKEN: token };
  const { stdout } = await run("sh", ["-euc", script], { cwd: folder.path, env });
  return stdout;
}

const cli = join(root, "dist/server/cli.js");
const answers = (text: string): IntakeAnswer[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

/** The group of a source, once it is there. */
const groupOf = (source: string, fits: (group: Item) => boolean = () => true): Promise<Item> =>
  until(async () => {
    const groups = await allGroups(server.url);
    const found = groups.find((group) => group.source === source && fits(group));
    if (found === undefined)
      throw new Error(`there is no group of ${source}: ${groups.map(({ title }) => title)}`);
    return found;
  }, 60_000);

/** The command of a block, which follows its file until the test file ends. */
function ship(mark: string, file: string, path: string): Foreground {
  const text = snippet(mark, { "/etc/quietwatch/token": at("token"), [file]: path });
  const command = text.replaceAll("npm run -s cli --", `exec node ${cli}`);
  return startForeground("sh", ["-euc", command], {
    QUIETWATCH_PUBLIC_URL: server.url,
    QUIETWATCH_DATA_DIR: at("positions"),
  });
}

describe("curl and the command line", () => {
  it("a first alert", async () => {
    expect(answers(await sh("# a first alert"))).toMatchObject([{ accepted: 1 }]);
    expect(await groupOf("backup")).toMatchObject({ rule: "job-failed", severity: "medium" });
  });

  it("many at once, packed; files and single alerts", async () => {
    const [event] = (await readFile(join(root, "test/fixtures/suricata/eve.ndjson"), "utf8")).split("\n");
    await writeFile(at("alerts.ndjson"), `${event}\n${event}\n`);
    expect(answers(await sh("# many at once, packed"))).toMatchObject([{ accepted: 2, rejected: [] }]);
    expect(await sh("# files and single alerts")).toBe("accepted 2, rejected 0\naccepted 1, rejected 0\n");
    expect(await groupOf("ci")).toMatchObject({ environment: "production", title: "A key in a commit" });
    expect((await groupOf("suricata")).count).toBe(4);
  });

  it("a CloudEvent, and an event of PagerDuty", async () => {
    expect(answers(await sh("# a CloudEvent"))).toMatchObject([{ accepted: 1 }]);
    expect(JSON.parse(await sh("# what a client of PagerDuty sends"))).toMatchObject({ status: "success" });
    expect(await groupOf("pagerduty")).toMatchObject({
      title: "The disk of db-1 is full",
      severity: "critical",
    });
  });
});

describe("what is shipped", () => {
  const fixture = (path: string) => readFile(join(root, "test/fixtures", path), "utf8");

  it("eve.json, only its alerts", async () => {
    await writeFile(at("eve.json"), `{"event_type":"stats","stats":{}}\n`);
    const before = (await groupOf("suricata")).count;
    const shipper = ship(
      "npm run -s cli -- ship --format suricata",
      "/var/log/suricata/eve.json",
      at("eve.json"),
    );
    const [event = ""] = (await fixture("suricata/eve.ndjson")).split("\n");
    await appendFile(at("eve.json"), `${JSON.stringify(JSON.parse(event))}\n`);
    await until(async () => expect((await groupOf("suricata")).count).toBe(before + 1));
    expect(await shipper.stop()).toBe(0);
    expect(shipper.log()).toBe("accepted 1, rejected 0\n");
  });

  it("audit.log, the lines of one event together", async () => {
    const lines = await fixture("auditd/audit.log");
    await writeFile(at("audit.log"), lines);
    const shipper = ship("--format auditd", "/var/log/audit/audit.log", at("audit.log"));
    await groupOf("auditd");
    const sent = await fetch(`${server.url}/api/v1/ingest/auditd`, {
      method: "POST",
      headers: { ...asAdmin, "Content-Type": "text/plain" },
      body: lines,
    });
    const { accepted } = (await sent.json()) as IntakeAnswer;
    await until(async () => {
      const groups = (await allGroups(server.url)).filter(({ source }) => source === "auditd");
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(accepted * 2);
    });
    await shipper.stop();
    expect(shipper.log()).toContain(`accepted ${accepted}, `);
  });

  it("alerts.json of Wazuh, also by its integrator", async () => {
    const [alert = ""] = (await fixture("wazuh/alerts.ndjson")).split("\n");
    await writeFile(at("alerts.json"), `${alert}\n`);
    const shipper = ship("# on the manager", "/var/ossec/logs/alerts/alerts.json", at("alerts.json"));
    const group = await groupOf("wazuh");
    await shipper.stop();
    const script = snippet("# /var/ossec/integrations/custom-quietwatch", {});
    await writeFile(at("custom-quietwatch"), script);
    const xml = snippet("<integration>", { [everywhere]: server.url });
    const hook = /<hook_url>(.*)<\/hook_url>/.exec(xml)?.[1] ?? "";
    await run("sh", [at("custom-quietwatch"), at("alerts.json"), token, hook]);
    await until(async () => expect((await groupOf("wazuh", ({ id }) => id === group.id)).count).toBe(2));
  });
});

describe("Debian's programs", () => {
  it("Prometheus", async () => {
    const { host } = new URL(server.url);
    const alerting = snippet("# /etc/prometheus/prometheus.yml", {
      "127.0.0.1:8787": host,
      "/etc/quietwatch/token": at("token"),
    });
    const rules =
      "groups: [{ name: g, rules: [{ alert: Always, expr: vector(1), labels: { severity: high } }] }]\n";
    await writeFile(at("rules.yml"), rules);
    await writeFile(
      at("prometheus.yml"),
      `global: { evaluation_interval: 1s }\nrule_files: [rules.yml]\n${alerting}`,
    );
    const prometheus = await startDebianProgram(
      "prometheus",
      (port) => [
        `--config.file=${at("prometheus.yml")}`,
        `--storage.tsdb.path=${at("prometheus")}`,
        // What it sends before it has looked where to is lost, and else sent again only a minute later.
        "--rules.alert.resend-delay=1s",
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      "/-/ready",
    );
    const group = await groupOf("alertmanager", ({ rule }) => rule === "Always");
    expect(group).toMatchObject({ severity: "high" });
    await prometheus.stop();
  });

  it("Alertmanager", async () => {
    const receivers = snippet("# /etc/prometheus/alertmanager.yml", {
      [everywhere]: server.url,
      "/etc/quietwatch/token": at("token"),
    });
    await writeFile(at("alertmanager.yml"), `route: { receiver: quietwatch, group_wait: 1s }\n${receivers}`);
    const alertmanager = await startDebianProgram(
      "prometheus-alertmanager",
      (port) => [
        `--config.file=${at("alertmanager.yml")}`,
        `--storage.path=${at("alertmanager")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      "/-/ready",
    );
    const labels = { alertname: "Forwarded", severity: "critical", instance: "db-1.example.com" };
    await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify([{ labels }]),
    });
    expect(await groupOf("alertmanager", ({ rule }) => rule === "Forwarded")).toMatchObject({
      severity: "critical",
    });
    await alertmanager.stop();
  });

  it("rsyslog", async () => {
    const rules = snippet("# /etc/rsyslog.d/quietwatch.conf", {
      "/var/log/quietwatch.ndjson": at("syslog.ndjson"),
    });
    const port = await freePort();
    const input = `module(load="imudp")\ninput(type="imudp" address="127.0.0.1" port="${port}")\n`;
    await writeFile(at("rsyslog.conf"), `global(workDirectory="${folder.path}")\n${input}${rules}`);
    const args = ["-n", "-f", at("rsyslog.conf"), "-i", at("rsyslog.pid")];
    const rsyslog = startForeground("/usr/sbin/rsyslogd", args);
    const shipper = ship("--format generic", "/var/log/quietwatch.ndjson", at("syslog.ndjson"));
    const socket = createSocket("udp4");
    const say = (priority: number, text: string) =>
      socket.send(`<${priority}>Nov 23 12:00:00 web-1-prod shopd[7]: ${text}`, port, "127.0.0.1");
    const group = await until(async () => {
      expect(rsyslog.hasEnded() ? rsyslog.log() : "").toBe("");
      say(3 * 8 + 6, "all is well");
      say(3 * 8 + 2, 'the "vault" is open \\ \u001b[2J');
      const groups = await allGroups(server.url);
      const found = groups.find(({ source }) => source === "syslog");
      if (found === undefined) throw new Error("there is no group of syslog");
      return found;
    }, 30_000);
    socket.close();
    expect(group).toMatchObject({ rule: "shopd", severity: "critical", environment: "production" });
    expect(group.title).toContain('the "vault" is open \\');
    expect(group.entities).toContainEqual(expect.objectContaining({ type: "host", value: "web-1-prod" }));
    await shipper.stop();
    await rsyslog.stop();
    expect(await readFile(at("syslog.ndjson"), "utf8")).not.toContain("all is well");
  });

  it("fail2ban", async () => {
    const action = snippet("# /etc/fail2ban/action.d/quietwatch.conf", {
      [everywhere]: server.url,
      "/etc/quietwatch/header": at("header"),
    });
    for (const name of ["action.d", "filter.d"]) await mkdir(at("fail2ban", name), { recursive: true });
    await writeFile(at("fail2ban/action.d/quietwatch.conf"), action);
    await writeFile(at("fail2ban/action.d/nothing.conf"), "[Definition]\nactionban = true\n");
    await writeFile(at("fail2ban/filter.d/door.conf"), "[Definition]\nfailregex = ^\\s*knock from <HOST>$\n");
    await writeFile(at("door.log"), "");
    const defaults = snippet("# /etc/fail2ban/jail.local", { "%(action_)s": "nothing" });
    const door = `filter = door\nlogpath = ${at("door.log")}\nbackend = polling\nmaxretry = 2\nenabled = true\n`;
    await writeFile(at("fail2ban/jail.conf"), `${defaults}\n[door]\n${door}`);
    const settings = { loglevel: "INFO", logtarget: "STDOUT", dbfile: "None", syslogsocket: "auto" };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    await writeFile(at("fail2ban/fail2ban.conf"), `[Definition]\n${lines.join("\n")}\n`);
    const places = ["-c", at("fail2ban"), "-s", at("fail2ban.sock"), "-p", at("fail2ban.pid")];
    const fail2ban = startForeground("fail2ban-server", ["-f", ...places, "start"]);
    const ready = () => run("fail2ban-client", [...places, "status", "door"]);
    await until(ready, 60_000);
    const time = new Date().toISOString().slice(0, 19).replace("T", " ");
    await appendFile(at("door.log"), `${time} knock from 203.0.113.9\n`.repeat(3));
    const group = await groupOf("fail2ban").catch((error) => {
      throw new Error(fail2ban.log(), { cause: error });
    });
    expect(group).toMatchObject({ rule: "door", title: "An address was banned by door", severity: "low" });
    expect(group.entities).toContainEqual(expect.objectContaining({ type: "ip", value: "203.0.113.9" }));
    await fail2ban.stop();
  });
});

describe("the policies of the page", () => {
  const policies = snippetsOfPage().filter(({ text }) => text.startsWith("# policy.yaml"));

  it.each(policies)("are taken: $text", async ({ text }) => {
    const environments = "environments: [{ name: production, weight: 1 }]\n";
    const saved = await fetch(`${server.url}/api/v1/policy`, {
      method: "PUT",
      headers: { ...asAdmin, "Content-Type": "application/yaml" },
      body: environments + text,
    });
    expect([saved.status, await saved.text()]).toEqual([200, expect.any(String)]);
  });

  it("the mapping among them reads its source", async () => {
    expect(policies).toHaveLength(3);
    const event = {
      event: { code: "forced", text: "A door was forced", urgency: 1 },
      at: "2026-11-23T12:00:00Z",
      badge_reader: "reader-7",
      badge: { owner: "nadia" },
    };
    const sent = await fetch(`${server.url}/api/v1/ingest`, {
      method: "POST",
      headers: { ...asAdmin, "Content-Type": "application/json" },
      body: JSON.stringify(event),
    });
    expect(await sent.json()).toMatchObject({ accepted: 1 });
    const group = await groupOf("door-control");
    expect(group).toMatchObject({ rule: "forced", title: "A door was forced", severity: "critical" });
    expect(group.entities.map(({ value }) => value).sort()).toEqual(["nadia", "reader-7"]);
  });
});

describe("the page", () => {
  it("has no block that a program here could run and this file does not", async () => {
    const own = await readFile(import.meta.filename, "utf8");
    const shells = snippetsOfPage().filter(({ language }) => language === "sh" || language === "ini");
    // The address and the token of the examples, and a service of the machine itself.
    const untried = shells.filter(({ text }) => !/^export QUIETWATCH=|^# \/etc\/systemd/.test(text));
    const isTried = (text: string) => marksIn(own).some((mark) => text.includes(mark));
    expect(untried.length).toBeGreaterThan(12);
    expect(untried.filter(({ text }) => !isTried(text))).toEqual([]);
  });
});

/** What the tests find blocks of the page by. */
function marksIn(code: string): string[] {
  return [...code.matchAll(/\b(?:sh|ship|snippet)\(\s*"([^"]{6,})"/g)].map(([, mark = ""]) => mark);
}
