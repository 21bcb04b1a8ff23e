import type { Policy } from "../../shared/policy.ts";
import type { Clock } from "../clock.ts";
import type { Store } from "../db/client.ts";
import type { Backlog } from "../intake/backlog.ts";
import type { LogChunk } from "../intake/log.ts";
import type { RecentChunks } from "../intake/recent-chunks.ts";
import type { Hub } from "../live/hub.ts";
import type { Log } from "../log.ts";
import type { Observe } from "../observe/observe.ts";
import { readWatermark } from "../services/triage/apply-log.ts";
import { createGroupCache } from "../services/triage/group-cache.ts";
import { lapseGroups } from "../services/triage/lapse-groups.ts";
import { applyAround, type SetAside } from "../services/triage/set-aside.ts";
import { createContentReader } from "../triage/content.ts";
import type { Alarm } from "./alarm.ts";
import { mostAlerts, nextStretch } from "./next-stretch.ts";

export interface FollowParts {
  store: Store;
  clock: Clock;
  hub: Hub;
  backlog: Backlog;
  recent: RecentChunks;
  policy(): Policy;
  log: Log;
  observe: Observe;
  alarm: Alarm;
  stopping(): boolean;
}

/**
 * After each turn triage stands back twice as long as it took: on the embedded store intake has the one connection meanwhile.
 * When more alerts came, a second or a commit, they are a flood, and it stands back for longer, so that more repeats
 * fold into one write and writing takes a small share of the time however many groups the flood touches. Below, turns
 * are kept short, because intake waits for each.
 */
const floodPerSecond = 5_000;
const floodPerCommit = 32;
const floodFactor = 6;
const usualFactor = 2;
const longestWindowMs = 2_000;
/** How often a worker looks although nobody poked it: other nodes append too. */
const lookMs = 100;
const sweepMs = 5_000;

/** Triages what the log holds behind the watermark, and waits for more, until it is told to stop. */
export async function followLog(parts: FollowParts): Promise<void> {
  const { store, alarm, backlog, clock, recent } = parts;
  const readerOf = readerForPolicy();
  const cache = createGroupCache();
  const around = {
    store,
    recent,
    cache,
    now: () => new Date(clock()),
    setAside: tellOf(parts.log),
    turned: parts.observe.turned,
  };
  let watermark = await readWatermark(store);
  let sweptAt = 0;
  let turnedAt = performance.now();
  await backlog.refresh();
  while (!parts.stopping()) {
    const policy = parts.policy();
    const { chunks, after } = await nextStretch(around, watermark);
    const isAtEnd = chunks.length === 0 && after === watermark;
    watermark = after;
    if (chunks.length > 0) {
      const started = performance.now();
      const since = started - turnedAt;
      turnedAt = started;
      watermark = await applyAround({ ...around, policy, contentOf: readerOf(policy) }, after, chunks);
      await applied(parts, chunks, { took: performance.now() - started, since });
    }
    // Also while there is always more to triage.
    if (parts.clock() - sweptAt >= sweepMs) {
      sweptAt = parts.clock();
      await sweep(parts, policy);
    }
    if (isAtEnd) await alarm.wait(store.kind === "pglite" ? sweepMs : lookMs);
  }
}

async function applied(
  { backlog, hub, alarm }: FollowParts,
  chunks: LogChunk[],
  { took, since }: { took: number; since: number },
): Promise<void> {
  const places = chunks.reduce((sum, chunk) => sum + chunk.places, 0);
  backlog.add(-places);
  hub.poke();
  const isFlood = places > (floodPerSecond * since) / 1_000 || places > floodPerCommit * chunks.length;
  const standBack = took * (isFlood && places < mostAlerts ? floodFactor : usualFactor);
  await alarm.pause(Math.min(longestWindowMs, standBack));
}

/** One line for each chunk, since a detector that sends one such alert may send thousands. */
function tellOf(log: Log) {
  return (aside: SetAside[]) => {
    const [first] = aside;
    const alerts = aside.reduce((sum, one) => sum + one.alerts, 0);
    if (first !== undefined) log("error", "triage.set-aside", { ...first, alerts });
  };
}

async function sweep({ store, clock, hub, backlog }: FollowParts, policy: Policy): Promise<void> {
  if ((await lapseGroups(store, clock(), policy)) > 0) hub.poke();
  await backlog.refresh();
}

/** A reader remembers what it read, so it lives as long as its policy. */
function readerForPolicy() {
  let current: { policy: Policy; contentOf: ReturnType<typeof createContentReader> } | null = null;
  return (policy: Policy) => {
    if (current?.policy !== policy) current = { policy, contentOf: createContentReader(policy) };
    return current.contentOf;
  };
}
