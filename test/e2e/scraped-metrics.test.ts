import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readText } from "../support/source-files.ts";
import { type DebianProgram, startDebianProgram } from "./debian-program.ts";
import { type ScratchFolder, scratchFolder } from "./launch-server.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";
import { until } from "./until.ts";

let server: ServerProcess;
let folder: ScratchFolder;
let prometheus: DebianProgram;
let rules: string;

beforeAll(async () => {
  server = await startServerProcess();
  folder = await scratchFolder();
  const headers = { Authorization: `Bearer ${server.token}`, "Content-Type": "application/json" };
  const alert = { source: "probe", rule: "r", title: "t", severity: "low" };
  const body = JSON.stringify([alert, alert, alert, { source: "probe" }]);
  await fetch(`${server.url}/api/v1/alerts`, {
    method: "POST",
    headers: { ...headers, Prefer: "wait=20" },
    body,
  });
  await fetch(`${server.url}/api/v1/alerts`, { method: "POST", headers, body: "{" });
  await fetch(`${server.url}/api/v1/queue`);
  rules = join(folder.path, "rules.yml");
  await writeFile(rules, documentedRules());
  const config = join(folder.path, "prometheus.yml");
  const authorization = { credentials: server.token };
  const job = {
    job_name: "quietwatch",
    authorization,
    static_configs: [{ targets: [new URL(server.url).host] }],
  };
  const settings = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [rules],
    scrape_configs: [job],
  };
  // YAML takes JSON.
  await writeFile(config, JSON.stringify(settings));
  prometheus = await startDebianProgram(
    "prometheus",
    (port) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder.path, "prometheus")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    "/-/ready",
  );
});

afterAll(async () => {
  await prometheus.stop();
  await server.stop();
  await folder.remove();
});

/** The example of the document, as a reader copies it. */
function documentedRules(): string {
  const found = /```yaml\n(groups:[\s\S]*?)```/.exec(readText("docs/operations.md"))?.[1];
  if (found === undefined) throw new Error("docs/operations.md shows no rules");
  return found;
}

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

async function query(text: string): Promise<Sample[]> {
  const answer = await fetch(`${prometheus.url}/api/v1/query?${new URLSearchParams({ query: text })}`);
  const { data } = (await answer.json()) as { data: { result: Sample[] } };
  return data.result;
}

async function metrics(): Promise<string> {
  const headers = { Authorization: `Bearer ${server.token}` };
  return (await fetch(`${server.url}/metrics`, { headers })).text();
}

it("promtool finds nothing wrong with the metrics, process included", async () => {
  const input = await metrics();
  expect(input).toMatch(/^quietwatch_commit_duration_seconds_bucket\{le="0\.01"\} /m);
  expect(input).toMatch(/^process_resident_memory_bytes \d+/m);
  expect(execFileSync("promtool", ["check", "metrics"], { input, encoding: "utf8" })).toBe("");
});

it("promtool takes the documented rules", () => {
  const said = execFileSync("promtool", ["check", "rules", rules], { encoding: "utf8" });
  expect(said).toMatch(/SUCCESS: [4-9] rules found/);
});

it("Prometheus reads what was sent, taken and refused", async () => {
  const value = async (text: string) => Number((await query(text))[0]?.value[1] ?? Number.NaN);
  await until(async () => expect(await value('up{job="quietwatch"}')).toBe(1), 20_000);
  await until(async () => expect(await value("sum(quietwatch_triaged_alerts_total)")).toBe(3), 20_000);
  expect(await value('quietwatch_alerts_received_total{format="alert"}')).toBe(4);
  expect(await value("sum(quietwatch_alerts_accepted_total)")).toBe(3);
  expect(await value('quietwatch_alerts_rejected_total{code="invalid_alert"}')).toBe(1);
  expect(await value('quietwatch_bodies_refused_total{code="unreadable"}')).toBe(1);
  expect(await value('quietwatch_triaged_alerts_total{result="folded"}')).toBe(2);
  expect(await value('quietwatch_http_requests_total{route_class="queue",status="401"}')).toBe(1);
  expect(await value('quietwatch_auth_refusals_total{reason="unauthenticated"}')).toBe(1);
  expect(await value("quietwatch_backlog_alerts")).toBe(0);
});

it("every metric that the document names is there", async () => {
  const text = await metrics();
  const named = new Set(
    [...readText("docs/operations.md").matchAll(/`(quietwatch_[a-z_]+)/g)].map(([, name]) => name),
  );
  const known = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
  const own = [...known].filter((name) => name?.startsWith("quietwatch_"));
  expect(own.filter((name) => !named.has(name))).toEqual([]);
});
