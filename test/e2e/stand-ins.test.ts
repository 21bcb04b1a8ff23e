import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScopeName } from "../../shared/access.ts";
import type { Item, StoredAlert } from "../../shared/group.ts";
import type { Page, QueueAnswer } from "../../shared/queue.ts";
import { readApi } from "./api.ts";
import { type DebianProgram, startDebianProgram } from "./debian-program.ts";
import { type ScratchFolder, scratchFolder } from "./launch-server.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { until } from "./until.ts";

let server: ServerProcess;
let folder: ScratchFolder;
let token: string;

beforeAll(async () => {
  server = await startServerProcess();
  folder = await scratchFolder();
  token = await tokenFor("alertmanager", ["alerts:write"]);
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
  const made = (await answer.json()) as { token: string };
  return made.token;
}

/** The one group of a source, in whatever band and state. */
async function itemFrom(source: string): Promise<Item> {
  const bands = ["P1", "P2", "P3", "P4", "P5"].map((band) => `band=${band}`);
  const statuses = ["open", "acknowledged", "snoozed", "resolved"].map((status) => `status=${status}`);
  const query = ["flat=true", "hidden=include", `source=${source}`, ...bands, ...statuses].join("&");
  const { items } = await readApi<QueueAnswer>(server.url, server.token, `/queue?${query}`);
  const [item] = items;
  if (items.length !== 1 || item === undefined) throw new Error(`${items.length} groups of ${source}`);
  return item;
}

describe.each([
  {
    source: "pagerduty",
    receiver: () => ({
      pagerduty_configs: [
        { url: `${server.url}/compat/pagerduty/v2/enqueue`, routing_key: token, severity: "warning" },
      ],
    }),
  },
  {
    source: "opsgenie",
    receiver: () => ({
      opsgenie_configs: [{ api_url: `${server.url}/compat/opsgenie/`, api_key: token, priority: "P3" }],
    }),
  },
])("Debian's Alertmanager that notifies $source", ({ source, receiver }) => {
  let alertmanager: DebianProgram;

  beforeAll(async () => {
    const config = join(folder.path, `${source}.yml`);
    const times = { group_wait: "0s", group_interval: "1s", repeat_interval: "1h" };
    const route = { receiver: "quietwatch", group_by: ["alertname"], ...times };
    // YAML takes JSON.
    await writeFile(config, JSON.stringify({ route, receivers: [{ name: "quietwatch", ...receiver() }] }));
    alertmanager = await startDebianProgram(
      "prometheus-alertmanager",
      (port) => [
        `--config.file=${config}`,
        `--storage.path=${join(folder.path, source)}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      "/-/ready",
    );
  });

  afterAll(() => alertmanager.stop());

  async function post(endsAt?: string): Promise<void> {
    const alert = {
      labels: { alertname: "DiskAlmostFull", instance: "db-1:9100", severity: "warning" },
      annotations: { summary: "4% left" },
      startsAt: new Date(Date.now() - 60_000).toISOString(),
      ...(endsAt !== undefined && { endsAt }),
    };
    const answer = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify([alert]),
    });
    expect(answer.status).toBe(200);
  }

  it("raises a group, ends it, and raises it again in a new episode", async () => {
    await post();
    const raised = await until(() => itemFrom(source), 20_000);
    expect(raised).toMatchObject({ source, severity: "medium", status: "open", cleared: false });
    expect(raised.title).toContain("DiskAlmostFull");

    await post(new Date(Date.now() - 1_000).toISOString());
    const ended = await until(async () => {
      const item = await itemFrom(source);
      if (!item.cleared) throw new Error("it fires still");
      return item;
    }, 20_000);
    expect(ended).toMatchObject({ id: raised.id, status: "resolved", title: raised.title });

    await post();
    await until(async () => {
      const item = await itemFrom(source);
      expect(item).toMatchObject({ id: raised.id, status: "open", episode: 2 });
    }, 20_000);
    expect(alertmanager.log()).not.toMatch(/Notify for alerts failed|unexpected status code/);
  });

  it("leaves its key nowhere", async () => {
    const { id } = await itemFrom(source);
    const { items } = await readApi<Page<StoredAlert>>(server.url, server.token, `/groups/${id}/alerts`);
    expect(items.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(items)).not.toContain(token);
  });
});
