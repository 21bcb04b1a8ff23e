import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import * as v from "valibot";
import { heartbeatMs } from "../../shared/live.ts";
import { QueueQuery } from "../../shared/queue.ts";
import type { Context } from "../context.ts";
import { isStillValid } from "../services/access/is-still-valid.ts";
import { type Changes, changesSince } from "../services/live/changes-since.ts";
import { readChange } from "../services/queue/read-change.ts";
import { readCounts } from "../services/queue/read-counts.ts";
import type { AppEnv } from "./app-env.ts";

/** Changes that follow each other closer than this travel together. */
const pauseMs = 100;
const defaultQuery = v.parse(QueueQuery, {});

export interface StreamOptions {
  /** How often a stream says that it lives. */
  heartbeatMs?: number | undefined;
}

/**
 * `GET /stream`: `item`, `counts`, `reset`, and a heartbeat every 15 s. The event id is the change sequence and stands
 * on the last event of each sequence, so that a stream that breaks off inside one gets all of it again.
 */
export function streamRoutes({ heartbeatMs: silenceMs = heartbeatMs }: StreamOptions) {
  return new Hono<AppEnv>().get("/", async (c) => {
    const { ctx } = c.var;
    const start = startOf(c.req.header("Last-Event-ID"), await readChange(ctx));
    // Listens before it reads, so that nothing is committed unheard in between.
    const waiter = createWaiter(ctx);
    const first = await changesSince(ctx, start).catch((error: unknown) => {
      waiter.stop();
      throw error;
    });
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, async (stream) => {
      stream.onAbort(waiter.stop);
      try {
        await writeChanges(stream, ctx, first);
        await follow(stream, ctx, { from: first.to, waiter, silenceMs });
      } finally {
        waiter.stop();
      }
    });
  });
}

function startOf(lastEventId: string | undefined, now: number): number {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : now;
}

async function follow(
  stream: SSEStreamingApi,
  ctx: Context,
  { from, waiter, silenceMs }: { from: number; waiter: Waiter; silenceMs: number },
): Promise<void> {
  let at = from;
  let beatAt = performance.now();
  const isOver = () => stream.aborted || ctx.hub.isClosed;
  while (!isOver()) {
    const poked = await waiter.wait(Math.max(0, silenceMs - (performance.now() - beatAt)));
    if (isOver()) return;
    const changes = await changesSince(ctx, at);
    await writeChanges(stream, ctx, changes);
    at = changes.to;
    if (performance.now() - beatAt >= silenceMs) {
      // A revoked sign-in ends its streams too.
      if (!(await isStillValid(ctx))) return;
      const data = JSON.stringify({ at: new Date(ctx.clock()).toISOString() });
      await stream.writeSSE({ event: "heartbeat", data });
      beatAt = performance.now();
    }
    if (poked) await stream.sleep(pauseMs);
  }
}

async function writeChanges(
  stream: SSEStreamingApi,
  ctx: Context,
  { to, reset, items }: Changes,
): Promise<void> {
  if (reset !== null) {
    await stream.writeSSE({ event: "reset", id: String(to), data: JSON.stringify({ because: reset }) });
    return;
  }
  if (items.length === 0) return;
  for (const [i, { seq, item }] of items.entries()) {
    const isLast = items[i + 1]?.seq !== seq;
    await stream.writeSSE({ event: "item", data: JSON.stringify(item), ...(isLast && { id: String(seq) }) });
  }
  const counts = await readCounts(ctx, defaultQuery);
  await stream.writeSSE({ event: "counts", data: JSON.stringify(counts), id: String(to) });
}

interface Waiter {
  /** Whether a poke came within so many milliseconds. */
  wait(ms: number): Promise<boolean>;
  stop(): void;
}

/** Waits for a poke of the hub or a time; a poke in between waits for the next call. */
function createWaiter({ hub }: Context): Waiter {
  let poked = false;
  let wake: (() => void) | null = null;
  const stop = hub.listen(() => {
    poked = true;
    wake?.();
  });
  return {
    wait: async (ms: number): Promise<boolean> => {
      if (!poked) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const was = poked;
      poked = false;
      wake = null;
      return was;
    },
    stop: () => {
      stop();
      wake?.();
    },
  };
}
