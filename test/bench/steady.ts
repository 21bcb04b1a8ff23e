import { Agent, request } from "node:http";

export interface Steady {
  url: string;
  headers: Record<string, string>;
  /** Sent in turn. */
  bodies: string[];
  perSecond: number;
  seconds: number;
}

export interface SteadyResult {
  p50Ms: number;
  p99Ms: number;
  failures: number;
}

const tickMs = 5;

/**
 * Sends requests at a steady rate whatever the server does, and takes each one's time from when it was due: a server
 * that stalls cannot hide it by holding the sender back.
 */
export async function sendSteadily({
  url,
  headers,
  bodies,
  perSecond,
  seconds,
}: Steady): Promise<SteadyResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const started = performance.now();
  const total = perSecond * seconds;
  const waits: Promise<number | null>[] = [];
  while (waits.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * perSecond));
    for (; waits.length < due; ) {
      const dueAt = started + (waits.length / perSecond) * 1000;
      const body = bodies[waits.length % bodies.length] ?? "";
      waits.push(send(url, headers, agent, body).then((ok) => (ok ? performance.now() - dueAt : null)));
    }
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  const times = await Promise.all(waits);
  agent.destroy();
  const taken = times.filter((time) => time !== null).sort((a, b) => a - b);
  const at = (share: number) => taken[Math.floor(taken.length * share)] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), failures: times.length - taken.length };
}

function send(url: string, headers: Record<string, string>, agent: Agent, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request(url, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve((answer.statusCode ?? 500) < 300));
    });
    outgoing.once("error", () => resolve(false));
    outgoing.end(body);
  });
}
