import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  asAdmin,
  caughtUp,
  type LaunchedServer,
  launchServer,
  type ScratchFolder,
  scratchFolder,
} from "./launch-server.ts";
import { allGroups } from "./stored-state.ts";
import { until } from "./until.ts";

let folder: ScratchFolder;
let server: LaunchedServer;

beforeAll(async () => {
  folder = await scratchFolder();
  server = await launchServer({ QUIETWATCH_DATA_DIR: folder.path });
});

afterAll(async () => {
  await server.kill("SIGKILL");
  await folder.remove();
});

const alertNamed = (rule: string) =>
  JSON.stringify({ source: "faults", rule, title: rule, severity: "low", dedupKey: rule });

function head(lines: string[]): string {
  const { host } = new URL(server.url);
  const common = ["POST /api/v1/alerts HTTP/1.1", `Host: ${host}`, `Authorization: ${asAdmin.Authorization}`];
  return `${[...common, "Content-Type: application/json", ...lines].join("\r\n")}\r\n\r\n`;
}

async function dial(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  // The other side may end it at any time.
  socket.on("error", () => undefined);
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

const closed = (socket: Socket) => new Promise<void>((resolve) => void socket.once("close", resolve));

async function counts(): Promise<Record<string, number>> {
  await caughtUp(server.url);
  const groups = await allGroups(server.url);
  return Object.fromEntries(groups.map(({ rule, count }) => [rule, count]));
}

function openSockets(): number {
  const fds = `/proc/${server.pid}/fd`;
  const targets = readdirSync(fds).map((fd) => {
    try {
      return readlinkSync(`${fds}/${fd}`);
    } catch {
      return "";
    }
  });
  return targets.filter((target) => target.startsWith("socket:")).length;
}

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

async function send(rule: string, key?: string): Promise<number> {
  const headers = { ...asAdmin, "Content-Type": "application/json", ...(key && { "Idempotency-Key": key }) };
  return (await fetch(`${server.url}/api/v1/alerts`, { method: "POST", headers, body: alertNamed(rule) }))
    .status;
}

/** Sends a part of a body and cuts the connection. */
async function cut(rule: string, isChunked: boolean): Promise<void> {
  const text = alertNamed(rule);
  const part = text.slice(0, text.length / 2);
  const socket = await dial();
  if (isChunked)
    socket.write(`${head(["Transfer-Encoding: chunked"])}${part.length.toString(16)}\r\n${part}\r\n`);
  else socket.write(`${head([`Content-Length: ${text.length}`])}${part}`);
  // What nobody reads would keep it open.
  socket.resume();
  await sleep(Math.random() * 20);
  if (Math.random() < 0.5) socket.resetAndDestroy();
  else socket.end();
  await closed(socket);
}

describe("a connection that is cut in mid-body", () => {
  it("leaves nothing: no alert, no socket, no memory", async () => {
    const before = openSockets();
    const round = async (size: number) => {
      for (let i = 0; i < size; i += 50)
        await Promise.all(Array.from({ length: 50 }, (_, j) => cut("cut", j % 2 === 0)));
    };
    await round(300);
    const warm = residentMegabytes();
    await round(1_200);
    await until(async () => expect(openSockets()).toBeLessThanOrEqual(before + 2));
    expect(residentMegabytes() - warm).toBeLessThan(60);
    expect(await send("whole")).toBe(202);
    expect(await counts()).toMatchObject({ whole: 1 });
    expect(Object.keys(await counts())).not.toContain("cut");
  });
});

describe("an answer that is cut", () => {
  it("makes a client send again, and its alert is counted once for each key", async () => {
    const text = alertNamed("again");
    for (let turn = 0; turn < 40; turn += 1) {
      const key = `cut-answer-${turn}`;
      // More or less when the answer is on its way.
      const attempt = async (patience: number) => {
        const socket = await dial();
        socket.write(`${head([`Content-Length: ${text.length}`, `Idempotency-Key: ${key}`])}${text}`);
        await sleep(patience);
        socket.resetAndDestroy();
      };
      await attempt((turn % 8) * 2);
      await Promise.all([attempt(1), attempt(5)]);
      expect(await send("again", key)).toBe(202);
    }
    expect((await counts()).again).toBe(40);
  });
});

describe("hundreds of clients that send a byte a second", () => {
  it("are cut off within the limits, while others are served, and leave nothing behind", async () => {
    const before = openSockets();
    const text = alertNamed("slow");
    const slow = async (whole: string, first: number) => {
      let at = first;
      const socket = await dial();
      const started = performance.now();
      let heard = "";
      socket.setEncoding("utf8").on("data", (part: string) => {
        heard += part;
      });
      socket.write(whole.slice(0, at));
      const drip = setInterval(() => {
        if (socket.writable) socket.write(whole[at] ?? " ");
        at += 1;
      }, 1_000);
      await closed(socket);
      clearInterval(drip);
      return { seconds: (performance.now() - started) / 1_000, status: heard.slice(9, 12) };
    };
    const inHead = Array.from({ length: 150 }, () => slow(head([`Content-Length: ${text.length}`]), 20));
    const sized = head(["Content-Length: 5000"]);
    const inBody = Array.from({ length: 150 }, (_, i) =>
      i % 2 === 0
        ? slow(sized + text + " ".repeat(4_000), sized.length + 5)
        : slow(`${head(["Transfer-Encoding: chunked"])}1388\r\n${text}${" ".repeat(4_000)}`, 260),
    );
    await until(async () => expect(openSockets()).toBeGreaterThan(before + 290));
    const took: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const started = performance.now();
      expect(await send("served")).toBe(202);
      took.push(performance.now() - started);
      await sleep(100);
    }
    expect(Math.max(...took)).toBeLessThan(2_000);
    const [heads, bodies] = [await Promise.all(inHead), await Promise.all(inBody)];
    expect([...new Set(heads.map(({ status }) => status))]).toEqual(["408"]);
    expect(Math.max(...heads.map(({ seconds }) => seconds))).toBeLessThan(20);
    expect(Math.max(...bodies.map(({ seconds }) => seconds))).toBeLessThan(45);
    expect(Math.min(...bodies.map(({ seconds }) => seconds))).toBeGreaterThan(20);
    await until(async () => expect(openSockets()).toBeLessThanOrEqual(before + 2));
    expect((await counts()).served).toBe(40);
    expect(await counts()).not.toHaveProperty("slow");
  });

  it("do not keep the server from stopping", async () => {
    await dial();
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});
