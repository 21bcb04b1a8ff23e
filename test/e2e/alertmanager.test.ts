import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScopeName } from "../../shared/access.ts";
import type { GettableAlert } from "../../shared/alertmanager.ts";
import type { Item, TimelineEntry } from "../../shared/group.ts";
import type { Page, QueueAnswer } from "../../shared/queue.ts";
import type { Silence } from "../../shared/silence.ts";
import { type Amtool, amtoolFor } from "./amtool.ts";
import { readApi } from "./api.ts";
import { type DebianProgram, startDebianProgram } from "./debian-program.ts";
import { type ScratchFolder, scratchFolder } from "./launch-server.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { until } from "./until.ts";

let server: ServerProcess;
let folder: ScratchFolder;
let target: string;

beforeAll(async () => {
  server = await startServerProcess();
  folder = await scratchFolder();
  target = `${server.url}/compat/alertmanager`;
});

afterAll(async () => {
  await server.stop();
  await folder.remove();
});

async function tokenFor(name: string, scopes: ScopeName[]): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/tokens`, {
    method: "POST",
    headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ name, scopes }),
  });
  const { token } = (await answer.json()) as { token: string };
  return token;
}

async function fileWith(name: string, lines: unknown): Promise<string> {
  const path = join(folder.path, name);
  // YAML takes JSON.
  await writeFile(path, JSON.stringify(lines));
  return path;
}

/** The one group of a rule, in whatever band and state. */
async function itemOf(rule: string): Promise<Item> {
  const bands = ["P1", "P2", "P3", "P4", "P5"].map((band) => `band=${band}`);
  const statuses = ["open", "acknowledged", "snoozed", "resolved"].map((status) => `status=${status}`);
  const query = ["flat=true", "hidden=include", "limit=200", ...bands, ...statuses].join("&");
  const { items } = await readApi<QueueAnswer>(server.url, server.token, `/queue?${query}`);
  const found = items.filter((item) => item.rule === rule);
  const [item] = found;
  if (found.length !== 1 || item === undefined) throw new Error(`${found.length} groups of ${rule}`);
  return item;
}

describe("Debian's Prometheus with a rule of its own", () => {
  let prometheus: DebianProgram;
  let exporter: Server;
  let left = 40;

  beforeAll(async () => {
    exporter = createServer((_request, answer) => answer.end(`disk_left_percent{disk="/srv"} ${left}\n`));
    await new Promise<void>((resolve) => exporter.listen(0, "127.0.0.1", resolve));
    const address = exporter.address();
    const scraped = typeof address === "object" && address !== null ? `127.0.0.1:${address.port}` : "";
    const rules = await fileWith("rules.yml", {
      groups: [
        {
          name: "disks",
          rules: [
            {
              alert: "DiskAlmostFull",
              expr: "disk_left_percent < 10",
              labels: { severity: "warning", env: "production" },
              annotations: { summary: "{{ $value }}% left on {{ $labels.disk }}" },
            },
          ],
        },
      ],
    });
    const config = await fileWith("prometheus.yml", {
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      rule_files: [rules],
      scrape_configs: [{ job_name: "disks", static_configs: [{ targets: [scraped] }] }],
      alerting: {
        alertmanagers: [
          {
            path_prefix: "/compat/alertmanager",
            authorization: { credentials: await tokenFor("prometheus", ["alerts:write"]) },
            static_configs: [{ targets: [new URL(server.url).host] }],
          },
        ],
      },
    });
    prometheus = await startDebianProgram(
      "prometheus",
      (port) => [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder.path, "prometheus")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--rules.alert.resend-delay=1s",
      ],
      "/-/ready",
    );
  });

  afterAll(async () => {
    await prometheus.stop();
    await new Promise((resolve) => exporter.close(resolve));
  });

  it("fires a group, keeps it firing and clears it", async () => {
    await expect(itemOf("DiskAlmostFull")).rejects.toThrow("0 groups");
    left = 4;
    const fired = await until(() => itemOf("DiskAlmostFull"), 30_000);
    expect(fired).toMatchObject({
      source: "alertmanager",
      title: "4% left on /srv",
      severity: "medium",
      environment: "production",
      status: "open",
      cleared: false,
    });
    const repeated = await until(async () => {
      const item = await itemOf("DiskAlmostFull");
      expect(item.count).toBeGreaterThan(fired.count + 2);
      return item;
    }, 30_000);
    expect(repeated).toMatchObject({ occurrences: 1, status: "open", cleared: false });
    left = 40;
    const over = await until(async () => {
      const item = await itemOf("DiskAlmostFull");
      expect(item.cleared).toBe(true);
      return item;
    }, 30_000);
    expect(over).toMatchObject({ status: "resolved", verdict: null, occurrences: 1 });
    expect(prometheus.log()).not.toMatch(/Error sending alert/);
  });
});

describe("Debian's amtool", () => {
  let amtool: Amtool;
  const labels = {
    alertname: "MailQueueLong",
    instance: "mail-1:9100",
    env: "production",
    severity: "warning",
  };

  beforeAll(async () => {
    const token = await tokenFor("on-call", ["alerts:write", "queue:read", "queue:act"]);
    const config = await fileWith("amtool-http.yml", { authorization: { credentials: token } });
    amtool = amtoolFor(target, { home: folder.path, args: [`--http.config.file=${config}`] });
    const texts = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    await amtool("alert", "add", ...texts, String.raw`--annotation=summary="900 mails wait, \"and more\""`);
    await until(async () => expect((await listed()).map(({ labels: own }) => own)).toContainEqual(labels));
  });

  const listed = async (...flags: string[]): Promise<GettableAlert[]> =>
    JSON.parse(await amtool("-o", "json", "alert", "query", ...flags));

  it("lists what fires, with its very labels and annotations", async () => {
    const [alert, ...others] = await listed("alertname=MailQueueLong", "instance=~mail-.+", "env!=staging");
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      labels,
      annotations: { summary: '900 mails wait, "and more"' },
      receivers: [{ name: "quietwatch" }],
      status: { state: "active", silencedBy: [], inhibitedBy: [] },
    });
    expect(alert?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(await listed("alertname=MailQueueLong", "instance=~mail")).toEqual([]);
    expect(await amtool("alert", "query", "alertname=MailQueueLong")).toContain("900 mails wait");
  });

  it("takes a token as the password of its address too", async () => {
    const token = await tokenFor("basic", ["queue:read"]);
    const { protocol, host, pathname } = new URL(target);
    const basic = amtoolFor(`${protocol}//amtool:${token}@${host}${pathname}`, { home: folder.path });
    expect(await basic("alert", "query")).toContain("MailQueueLong");
  });

  it("adds a silence that hides, moves its end, and ends it so that it shows again", async () => {
    const about = ["alertname=MailQueueLong", "instance=~mail-[0-9]+:9100"];
    const said = ["--author=ada", "--comment=The relay is being replaced", "--duration=1h"];
    const id = (await amtool("silence", "add", ...said, ...about)).trim();
    const hidden = await itemOf("MailQueueLong");
    expect(hidden.hidden).toEqual({ by: "silence", id, because: "The relay is being replaced (on-call)" });
    expect(await listed("alertname=MailQueueLong")).toEqual([]);
    const [silenced] = await listed("--silenced", "alertname=MailQueueLong");
    expect(silenced?.status).toMatchObject({ state: "suppressed", silencedBy: [id] });

    const ours = await readApi<Silence>(server.url, server.token, `/silences/${id}`);
    expect(ours).toMatchObject({ state: "active", author: "on-call", createdBy: "ada", hides: 1 });
    expect(await amtool("silence", "query", "alertname=MailQueueLong")).toContain("The relay is being");
    expect((await amtool("silence", "query", "-q", "alertname=Other")).trim()).toBe("");

    await amtool("silence", "update", "--duration=3h", id);
    const longer = await readApi<Silence>(server.url, server.token, `/silences/${id}`);
    expect(Date.parse(longer.endsAt) - Date.parse(ours.endsAt)).toBeGreaterThan(3_600_000);

    await amtool("silence", "expire", id);
    const shown = await itemOf("MailQueueLong");
    expect(shown).toMatchObject({ hidden: null, status: "open" });
    expect(shown.version).toBeGreaterThan(hidden.version);
    expect(await listed("alertname=MailQueueLong")).toHaveLength(1);
    expect((await amtool("silence", "query", "-q", "--expired")).trim()).toContain(id);
    const { items } = await readApi<Page<TimelineEntry>>(
      server.url,
      server.token,
      `/items/${shown.id}/timeline`,
    );
    expect(items.slice(0, 2).map(({ event, because }) => [event, because])).toEqual([
      ["shown", "on-call ended its silence: The relay is being replaced"],
      ["hidden", "The relay is being replaced (on-call)"],
    ]);
  });

  it("adds a silence whose end comes by itself", async () => {
    const about = ["--author=ada", "--comment=Short", "--duration=3s", "alertname=MailQueueLong"];
    await amtool("silence", "add", ...about);
    expect((await itemOf("MailQueueLong")).hidden?.by).toBe("silence");
    await until(async () => expect((await itemOf("MailQueueLong")).hidden).toBeNull(), 20_000);
  });

  it("is told that production critical takes an administrator", async () => {
    const grave = ["alertname=ShopDown", "severity=critical", "env=production"];
    await amtool("alert", "add", ...grave, "--annotation=summary=The shop is down");
    await until(() => itemOf("ShopDown"));
    const about = ["--author=ada", "--comment=Not now", "alertname=ShopDown"];
    await expect(amtool("silence", "add", ...about)).rejects.toThrow(
      'it would hide "The shop is down", which is critical in production; only an administrator may do that',
    );
    const config = await fileWith("admin-http.yml", { authorization: { credentials: server.token } });
    const admin = amtoolFor(target, { home: folder.path, args: [`--http.config.file=${config}`] });
    const id = (await admin("silence", "add", ...about)).trim();
    expect((await itemOf("ShopDown")).hidden).toMatchObject({ by: "silence", id });
    await admin("silence", "expire", id);
    expect((await itemOf("ShopDown")).hidden).toBeNull();
  });

  it("shows the configuration and the cluster of one", async () => {
    expect(await amtool("config", "show")).toContain("receiver: quietwatch");
    expect(await amtool("cluster", "show")).toContain("disabled");
  });
});

describe("Debian's Alertmanager", () => {
  let alertmanager: DebianProgram;

  beforeAll(async () => {
    const token = await tokenFor("alertmanager", ["alerts:write"]);
    const config = await fileWith("alertmanager.yml", {
      route: { receiver: "quietwatch", group_wait: "0s", group_interval: "1s", repeat_interval: "1h" },
      receivers: [
        {
          name: "quietwatch",
          webhook_configs: [
            {
              url: `${server.url}/api/v1/ingest/alertmanager`,
              http_config: { authorization: { credentials: token } },
            },
          ],
        },
      ],
    });
    alertmanager = await startDebianProgram(
      "prometheus-alertmanager",
      (port) => [
        `--config.file=${config}`,
        `--storage.path=${join(folder.path, "alertmanager")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      "/-/ready",
    );
  });

  afterAll(() => alertmanager.stop());

  it("forwards what fires and what is over by its webhook", async () => {
    const post = (endsAt: number) =>
      fetch(`${alertmanager.url}/api/v2/alerts`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify([
          {
            labels: { alertname: "BackupLate", instance: "vault-1:9100", severity: "warning" },
            annotations: { summary: "No backup since yesterday" },
            startsAt: new Date(Date.now() - 60_000).toISOString(),
            endsAt: new Date(endsAt).toISOString(),
          },
        ]),
      });
    expect((await post(Date.now() + 300_000)).status).toBe(200);
    const fired = await until(() => itemOf("BackupLate"), 30_000);
    expect(fired).toMatchObject({ title: "No backup since yesterday", status: "open", cleared: false });
    expect((await post(Date.now() - 1_000)).status).toBe(200);
    await until(
      async () => expect(await itemOf("BackupLate")).toMatchObject({ cleared: true, status: "resolved" }),
      30_000,
    );
    expect(alertmanager.log()).not.toMatch(/level=(?:warn|error)/);
  });
});
