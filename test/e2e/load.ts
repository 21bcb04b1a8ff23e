import { setTimeout as sleep } from "node:timers/promises";
import type { IntakeAnswer } from "../../shared/alert.ts";
import { asAdmin } from "./launch-server.ts";

/** One request of a sender and what became of it. */
export interface Batch {
  /** Names of its good alerts by their place in the request; null for one that must be rejected. */
  names: (string | null)[];
  key: string | null;
  /** The receipt of its 202; null while there was none. */
  receipt: string | null;
}

/** Senders that never stop by themselves, and go on with another server when theirs is killed. */
export interface Load {
  /** Where to send to from now on; null while nothing runs. */
  target(url: string | null): void;
  batches: readonly Batch[];
  /** Resolves at the next 202. */
  answered(): Promise<void>;
  /** Lets every sender end its request; what has a key is sent until it is answered. */
  finish(): Promise<void>;
}

const severities = ["critical", "high", "medium", "low", "info"];
const environments = ["production", "staging", "development", undefined];
const statuses = ["firing", "firing", "firing", "resolved"];
const largest = 240;

export function startLoad(senders: number): Load {
  const batches: Batch[] = [];
  const state: State = { url: null, ending: false, waiting: [] };
  const work = Array.from({ length: senders }, async (_, sender) => {
    for (let turn = 0; !state.ending; turn += 1) {
      const { batch, body } = newBatch(`${sender}.${turn}`);
      batches.push(batch);
      await deliver(state, batch, body);
    }
  });
  return {
    batches,
    target: (url) => {
      state.url = url;
    },
    answered: () => new Promise((resolve) => state.waiting.push(resolve)),
    finish: async () => {
      state.ending = true;
      await Promise.all(work);
    },
  };
}

interface State {
  url: string | null;
  ending: boolean;
  /** Who waits for the next 202. */
  waiting: (() => void)[];
}

function newBatch(name: string): { batch: Batch; body: string } {
  // Mostly small and now and then large, as senders are.
  const size = 1 + Math.floor(Math.random() ** 4 * largest);
  const names = Array.from({ length: size }, (_, i) => (Math.random() < 0.02 ? null : `${name}.${i}`));
  // A request of nothing but bad alerts is refused as a whole.
  names[0] ??= `${name}.0`;
  const key = Math.random() < 0.5 ? `key-${name}` : null;
  const body = `[${names.map((one) => JSON.stringify(alertNamed(one))).join(", ")}]`;
  return { batch: { names, key, receipt: null }, body };
}

/** An alert of one of a few hundred identities; `null` lacks its title. */
function alertNamed(name: string | null): Record<string, unknown> {
  const rule = below(12);
  return {
    source: `detector-${rule % 3}`,
    rule: `rule-${rule}`,
    ...(name !== null && { title: `Rule ${rule} met ${name}` }),
    severity: severities[below(severities.length)],
    environment: environments[rule % environments.length],
    status: statuses[below(statuses.length)],
    entities: [
      { type: "host", value: `host-${below(25)}.example.com`, role: "target" },
      { type: "ip", value: `198.51.100.${below(250)}`, role: "actor" },
    ],
    ...(below(10) === 0 && { techniques: ["T1110.003"] }),
    labels: { name: name ?? "bad" },
    raw: { name, at: { depth: [1, 2.5, null] } },
  };
}

const below = (most: number) => Math.floor(Math.random() * most);

async function deliver(state: State, batch: Batch, body: string): Promise<void> {
  for (;;) {
    while (state.url === null) await sleep(5);
    const { url } = state;
    const answer = await send(url, batch, body);
    // Of a request that finds no room nothing is kept.
    if (answer?.status === 503) {
      await sleep(200);
      continue;
    }
    if (answer !== null) {
      taken(batch, answer);
      for (const resolve of state.waiting.splice(0)) resolve();
      return;
    }
    // Nobody knows whether it was committed; only a key makes it safe to send it again.
    if (batch.key === null) return;
    while (state.url === url) await sleep(5);
  }
}

function send(url: string, { key }: Batch, body: string) {
  const idempotency = key === null ? {} : { "Idempotency-Key": key };
  const headers = { ...asAdmin, "Content-Type": "application/json", ...idempotency };
  return ask(`${url}/api/v1/alerts`, { method: "POST", headers, body });
}

/** Null when the connection broke before the whole answer was there. */
async function ask(url: string, request: RequestInit): Promise<{ status: number; text: string } | null> {
  try {
    const answer = await fetch(url, request);
    return { status: answer.status, text: await answer.text() };
  } catch {
    return null;
  }
}

function taken(batch: Batch, { status, text }: { status: number; text: string }): void {
  if (status !== 202) throw new Error(`${status} ${text}`);
  const { accepted, rejected, receipt } = JSON.parse(text) as IntakeAnswer;
  const bad = batch.names.flatMap((name, i) => (name === null ? [i] : []));
  const told = rejected.map(({ index }) => index);
  if (accepted !== batch.names.length - bad.length || String(told) !== String(bad))
    throw new Error(`a batch with bad alerts at [${bad}] was answered ${text}`);
  batch.receipt = receipt;
}
