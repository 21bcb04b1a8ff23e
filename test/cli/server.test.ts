import { once } from "node:events";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, createServer as createWire, type Socket } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnv } from "../../server/env.ts";
import { type RunningServer, startServer } from "../../server/start-server.ts";
import type { Item, ItemDetail } from "../../shared/group.ts";
import { gather, jsonLines, runCli, startCli, temporaryFolder } from "./run-cli.ts";

const patience = { timeout: 60_000 };
const adminToken = "the-administrators-token-of-a-test";
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: RunningServer;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const dataDir = join(folder.path, "data");
  const settings = { ...readEnv({}), port: 0, dataDir, adminToken, logLevel: "error" } as const;
  server = await startServer(settings, { pages: null });
  env = {
    QUIETWATCH_PORT: new URL(server.url).port,
    QUIETWATCH_TOKEN: adminToken,
    QUIETWATCH_DATA_DIR: dataDir,
  };
}, 120_000);
afterAll(async () => {
  await server.stop();
  await folder.remove();
});

const cli = (args: string[], stdin?: string | Buffer) =>
  runCli(args, { env, ...(stdin !== undefined && { stdin }) });
const line = (fields: object) =>
  JSON.stringify({
    source: "probe",
    rule: "r",
    title: "t",
    severity: "high",
    environment: "production",
    ...fields,
  });

async function api<T>(path: string): Promise<T> {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${adminToken}` },
  });
  return parsed<T>(await answer.text());
}

/** A test says which answer it reads. */
function parsed<T>(text: string): T {
  return JSON.parse(text);
}

/** The items of a source, once triage has seen `count` alerts of it. */
async function itemsOf(source: string, count: number): Promise<Item[]> {
  for (;;) {
    const { items } = await api<{ items: Item[] }>(
      `/queue?source=${source}&band=P1&band=P2&band=P3&band=P4&band=P5`,
    );
    if (items.reduce((sum, item) => sum + item.count, 0) >= count) return items;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("send", () => {
  it("sends files of every kind, in as many requests as it takes", patience, async () => {
    const alerts = Array.from({ length: 2_300 }, (_, i) =>
      line({ source: "many", rule: `r-${i % 3}`, title: `n ${i}` }),
    );
    await writeFile(join(folder.path, "lines.ndjson"), alerts.join("\n"));
    await writeFile(join(folder.path, "array.json.gz"), gzipSync(`[${alerts.join(",\n")}]`));
    const ran = await cli(["send", join(folder.path, "lines.ndjson"), join(folder.path, "array.json.gz")]);
    expect(ran).toEqual({ code: 0, stdout: "accepted 4,600, rejected 0\n", stderr: "" });
    expect((await itemsOf("many", 4_600)).map(({ count }) => count).sort()).toEqual([1532, 1534, 1534]);
  });

  it("says of each rejected alert where it stands and why, and ends with 1", patience, async () => {
    const lines = [
      line({ source: "some" }),
      "nonsense",
      "",
      line({ source: "some", severity: "loud\u001b[2J" }),
    ];
    const { code, stdout } = await cli(["send", "-"], lines.join("\n"));
    expect(code).toBe(1);
    expect(stdout.trimEnd().split("\n")).toEqual([
      "rejected -, record 1: not valid JSON",
      "rejected -, record 3: severity: one of critical, high, medium, low, info",
      "accepted 1, rejected 2",
    ]);
  });

  it("one alert comes from flags", patience, async () => {
    const flags = ["--source", "flags", "--rule", "r", "--title", "A title", "--severity", "critical"];
    const more = ["--environment", "production", "--host", "db-1.example.com", "--label", "team=red=1"];
    expect((await cli(["send", ...flags, ...more])).stdout).toBe("accepted 1, rejected 0\n");
    const [item] = await itemsOf("flags", 1);
    expect(item).toMatchObject({
      title: "A title",
      band: "P1",
      entities: [{ type: "host", value: "db-1.example.com" }],
    });
  });

  it("takes the native formats", patience, async () => {
    const record = { labels: { alertname: "Down", severity: "critical", job: "flow" }, annotations: {} };
    const { stdout } = await cli(["send", "--format", "alertmanager", "-"], JSON.stringify([record]));
    expect(stdout).toBe("accepted 1, rejected 0\n");
  });

  it("tries again until the server is there, and a lost answer doubles nothing", patience, async () => {
    const proxy = await startProxy(server.url, ["refuse", "wait", "lose", "pass"]);
    const args = ["send", "--server", proxy.url, "-"];
    const { stdout, code } = await cli(args, [line({ source: "once" }), line({ source: "once" })].join("\n"));
    await proxy.stop();
    expect([code, stdout]).toEqual([0, "accepted 2, rejected 0\n"]);
    expect(proxy.asked()).toBe(4);
    const [item] = await itemsOf("once", 2);
    expect(item?.count).toBe(2);
  });

  it("a refusal of all is one sentence", patience, async () => {
    const args = ["send", "--token", "qw_api_nobody", "-"];
    const { code, stderr } = await cli(args, line({}));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^quietwatch: sign in.*\n$/);
  });
});

describe("tail and ack", () => {
  it("a line a change, escaped, only of the bands asked for", patience, async () => {
    const child = startCli(["tail", "--band", "P1"], { env });
    const json = startCli(["tail", "--json"], { env });
    const [shown, whole] = [gather(child.stdout), gather(json.stdout)];
    await until(() => server.deps.hub.listeners >= 2);
    const evil = "owned \u001b]0;x\u0007 \u202e\n2026  P1  production  fake";
    await cli(
      ["send", "-"],
      [
        line({ source: "tailed", severity: "critical", title: evil }),
        line({ source: "quiet", severity: "low" }),
      ].join("\n"),
    );
    await until(() => whole().includes("quiet") && shown().includes("owned"));
    child.kill("SIGTERM");
    json.kill("SIGTERM");
    expect(shown()).toMatch(
      /^\S+Z {2}P1 {2}production {2}owned \\u\{1b\}\]0;x\\u\{7\} \\u\{202e\}\\u\{a\}2026 .* ×1\n$/,
    );
    expect(whole()).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(jsonLines(whole()).find(({ source }) => source === "tailed")?.title).toBe(evil);
  });

  it("goes on where the connection broke", patience, async () => {
    // A stream of the test before may still be closing, and this one is to be told apart from it.
    await until(() => server.deps.hub.listeners === 0);
    const wire = await startWire(new URL(server.url).port);
    const child = startCli(["tail", "--server", wire.url], { env });
    const shown = gather(child.stdout);
    await until(() => server.deps.hub.listeners >= 1);
    await cli(["send", "-"], line({ source: "wire", title: "before" }));
    await until(() => shown().includes("before"));
    wire.cut();
    await cli(["send", "-"], line({ source: "wire", rule: "s", title: "meanwhile" }));
    await itemsOf("wire", 2);
    wire.mend();
    await until(() => shown().includes("meanwhile"));
    child.kill("SIGTERM");
    await wire.stop();
    expect(shown().match(/before|meanwhile/g)).toEqual(["before", "meanwhile"]);
  });

  it("acknowledges with a note and takes it back", patience, async () => {
    await cli(["send", "--source", "acked", "--rule", "r", "--title", "t", "--severity", "critical"]);
    const [item] = await itemsOf("acked", 1);
    const id = item?.id ?? "";
    const done = await cli(["ack", id, "--note", "I look into it"]);
    expect([done.code, done.stdout]).toEqual([0, `acknowledged ${id}  t\n`]);
    const detail = await api<ItemDetail>(`/items/${id}`);
    expect([detail.status, detail.notes.map(({ text }) => text)]).toEqual([
      "acknowledged",
      ["I look into it"],
    ]);

    expect((await cli(["ack", id, "--undo"])).code).toBe(0);
    expect((await api<ItemDetail>(`/items/${id}`)).status).toBe("open");
    const again = await cli(["ack", id, "--undo"]);
    expect([again.code, again.stderr]).toEqual([
      1,
      `quietwatch: ${id}: no acknowledgement can be taken back\n`,
    ]);
  });

  it("an item that is not there keeps no other from being acknowledged", patience, async () => {
    const [item] = await itemsOf("acked", 1);
    const { code, stdout, stderr } = await cli([
      "ack",
      "00000000-0000-7000-8000-000000000000",
      item?.id ?? "",
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain(`acknowledged ${item?.id}`);
    expect(stderr).toMatch(/is not there/);
  });
});

describe("token", () => {
  it("what it makes works within its scope and no longer after it is revoked", patience, async () => {
    const flags = [
      "--name",
      "a sensor",
      "--scope",
      "alerts:write,queue:read",
      "--expires",
      "30d",
      "--ceiling",
      "high",
    ];
    const made = await cli(["token", "create", ...flags]);
    expect(made.stdout).toMatch(/^qw_api_[\w-]{43}\n$/);
    const id = /^(\S+) ends /.exec(made.stderr)?.[1] ?? "";
    const token = made.stdout.trim();
    expect((await cli(["send", "--token", token, "-"], line({ source: "sensor" }))).code).toBe(0);
    expect((await cli(["token", "list", "--token", token])).stderr).toMatch(/needs the scope tokens:manage/);
    expect((await cli(["token", "list"])).stdout).toMatch(
      new RegExp(`^${id} .*alerts:write,queue:read {2}a sensor$`, "m"),
    );

    expect((await cli(["token", "revoke", id])).stdout).toBe(`revoked ${id}\n`);
    expect((await cli(["send", "--token", token, "-"], line({}))).code).toBe(1);
    expect((await cli(["token", "list"])).stdout).toMatch(new RegExp(`^${id} {2}revoked `, "m"));
  });
});

describe("sign-in-link", () => {
  it(
    "the server that runs gives one to whoever owns the folder, without a token, and it signs in",
    patience,
    async () => {
      const { QUIETWATCH_TOKEN: _, ...noToken } = env;
      const { code, stdout } = await runCli(["sign-in-link", "--name", "Ada", "--role", "analyst"], {
        env: noToken,
      });
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^${server.url}/sign-in#qw_link_`));
      const token = stdout.trim().split("#")[1];
      const headers = { "Content-Type": "application/json", Origin: server.url };
      const answer = await fetch(`${server.url}/auth/link`, {
        method: "POST",
        headers,
        body: JSON.stringify({ token }),
      });
      expect(answer.ok).toBe(true);
    },
  );

  it(
    "without a server the store is opened; a socket that a killed one left is nobody",
    patience,
    async () => {
      const dataDir = join(folder.path, "fresh");
      await mkdir(dataDir);
      await writeFile(join(dataDir, "control.sock"), "");
      const options = {
        env: { QUIETWATCH_DATA_DIR: dataDir, QUIETWATCH_PUBLIC_URL: "https://watch.example.com/" },
      };
      const first = await runCli(["sign-in-link", "--name", "Grace"], options);
      expect(first.stderr).toBe("");
      expect(first.stdout).toMatch(/^https:\/\/watch\.example\.com\/sign-in#qw_link_[\w-]{43}\n$/);
      const second = await runCli(["sign-in-link", "--name", "Grace", "--role", "viewer"], options);
      expect(second.stderr).toBe("quietwatch: Grace is known and is admin, not viewer\n");
    },
  );

  it("the socket is its owner's alone", async () => {
    const { mode } = await stat(join(folder.path, "data", "control.sock"));
    expect(mode & 0o777).toBe(0o600);
  });

  it("a refusal is the server's sentence", patience, async () => {
    const { code, stderr } = await cli(["sign-in-link", "--name", "Ada", "--role", "admin"]);
    expect([code, stderr]).toEqual([1, "quietwatch: Ada is known and is analyst, not admin\n"]);
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error("it did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

type Turn = "refuse" | "wait" | "lose" | "pass";

/** Stands before the server and breaks connections: the last turn is the one that stays. */
async function startProxy(target: string, turns: Turn[]) {
  let asked = 0;
  const proxy: Server = createServer(async (request, response) => {
    const turn = turns[Math.min(asked, turns.length - 1)] ?? "pass";
    asked += 1;
    if (turn === "refuse") {
      request.socket.destroy();
      return;
    }
    if (turn === "wait") {
      response.writeHead(503, { "Retry-After": "0" }).end();
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { "idempotency-key": key, authorization, "content-type": type } = request.headers;
    const headers = {
      "Idempotency-Key": String(key),
      Authorization: String(authorization),
      "Content-Type": String(type),
    };
    const answer = await fetch(target + request.url, { method: "POST", headers, body: Buffer.concat(parts) });
    if (turn === "lose") {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status).end(await answer.text());
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    stop: async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** A wire to the server that can be cut and mended. */
async function startWire(port: string) {
  let isCut = false;
  const open = new Set<Socket>();
  const wire = createWire((near) => {
    const far = connect(Number(port), "127.0.0.1");
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => undefined).on("close", () => open.delete(socket));
    }
    if (isCut) near.destroy();
    near.pipe(far).pipe(near);
  });
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  wire.listen(0, "127.0.0.1");
  await once(wire, "listening");
  const address = wire.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    cut,
    mend: () => {
      isCut = false;
    },
    stop: async () => {
      cut();
      await new Promise((resolve) => wire.close(resolve));
    },
  };
}
