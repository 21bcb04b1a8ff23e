import fc from "fast-check";
import type { Store } from "../../server/db/client.ts";
import { type Backlog, createBacklog } from "../../server/intake/backlog.ts";
import { readEntry } from "../../server/intake/entry.ts";
import { createIntake, type Intake, type Submission } from "../../server/intake/intake.ts";
import { createRecentChunks, type RecentChunks } from "../../server/intake/recent-chunks.ts";
import { createObserve } from "../../server/observe/observe.ts";

export const noon = Date.UTC(2026, 10, 23, 12);

/** Any character but half a pair; quick to make, unlike the library's own. */
export const character = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

export interface Node {
  intake: Intake;
  backlog: Backlog;
  recent: RecentChunks;
  /** Commits so far. */
  commits(): number;
}

/** One API node on a store. */
export function nodeOn(store: Store, most = 1_000_000, clock = () => noon): Node {
  const backlog = createBacklog(store.pool, most);
  const recent = createRecentChunks();
  let commits = 0;
  const committed = () => {
    commits += 1;
  };
  const intake = createIntake({ store, clock, backlog, recent, observe: createObserve(), committed });
  return { intake, backlog, recent, commits: () => commits };
}

export const alertOf = (title: string) => ({ source: "edge", rule: "r1", title, severity: "low" });

interface Keyed {
  key?: string;
  bodyHash?: string;
  actorId?: string;
  answer?: Submission["answer"];
}

/** A request as the service of `POST /alerts` submits it; anything but a text is a record that is rejected. */
export function submissionOf(titles: readonly (string | null)[], given: Keyed = {}): Submission {
  const { key, bodyHash = "hash", actorId = "sender", answer } = given;
  const header = { format: "alert", type: "json", actorId, ceiling: null } as const;
  const records = titles.map((title) => (title === null ? 5 : alertOf(title)));
  const body = Buffer.from(JSON.stringify(records));
  return {
    header,
    body,
    alerts: readEntry({ header, body }).map(({ alert }) => alert ?? null),
    idempotency: key === undefined ? null : { key, bodyHash, route: "POST /api/v1/alerts" },
    answer: answer ?? ((receipt) => ({ receipt, accepted: titles.length })),
  };
}

export async function logRows(store: Store): Promise<{ id: string; seq: number; alerts: number }[]> {
  const { rows } = await store.pool.query("select id, seq::int as seq, alerts from alert_log order by seq");
  return rows;
}

/** As on the first day; opening another store for every test would take minutes. */
export async function emptyLog(store: Store): Promise<void> {
  await store.pool.query("truncate alert_log, idempotency");
  await store.pool.query("update clock set seq = 0");
}
