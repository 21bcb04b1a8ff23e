import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import * as v from "valibot";
import { heartbeatMs } from "../../shared/live.ts";
import { QueueQuery } from "../../shared/queue.ts";
import type { Context } from "../context.ts";
import { changesSince } from "../services/live/changes-since.ts";
import { readChange } from "../services/queue/read-change.ts";
import { readCounts } from "../services/queue/read-counts.ts";
import type { AppEnv } from "./app-env.ts";

/** Changes that follow each other closer than this travel together. */
const pauseMs = 100;
/** A stream is opened again now and then, so that a revoked credential does not live on in it. */
const longestMs = 30 * 60_000;
const defaultQuery = v.parse(QueueQuery, {});

/**
 * `GET /stream`: `item`, `counts`, `reset`, and a heartbeat every 15 s. The event id is the change sequence and stands
 * on the last event of each sequence, so that a stream that breaks off inside one gets all of it again.
 */
export const streamRoutes = new Hono<AppEnv>().get("/", async (c) => {
  const { ctx } = c.var;
  const start = startOf(c.req.header("Last-Event-ID"), await readChange(ctx));
  const first = await changesSince(ctx, start);
  c.header("X-Accel-Buffering", "no");
  return streamSSE(c, async (stream) => {
    await writeChanges(stream, ctx, first);
    await follow(stream, ctx, "to" in first ? first.to : await readChange(ctx));
  });
});

function startOf(lastEventId: string | undefined, now: number): number {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : now;
}

async function follow(stream: SSEStreamingApi, ctx: Context, from: number): Promise<void> {
  let at = from;
  const started = ctx.clock();
  const waiter = createWaiter(ctx);
  stream.onAbort(waiter.stop);
  try {
    while (!stream.aborted && ctx.clock() - started < longestMs) {
      const poked = await waiter.wait(heartbeatMs);
      if (stream.aborted) return;
      if (!poked) {
        await stream.writeSSE({
          event: "heartbeat",
          data: JSON.stringify({ at: new Date(ctx.clock()).toISOString() }),
        });
      }
      const changes = await changesSince(ctx, at);
      await writeChanges(stream, ctx, changes);
      at = "to" in changes ? changes.to : await readChange(ctx);
      if (poked) await stream.sleep(pauseMs);
    }
  } finally {
    waiter.stop();
  }
}

async function writeChanges(
  stream: SSEStreamingApi,
  ctx: Context,
  changes: Awaited<ReturnType<typeof changesSince>>,
): Promise<void> {
  if (changes.reset !== undefined) {
    const id = String(await readChange(ctx));
    await stream.writeSSE({ event: "reset", id, data: JSON.stringify({ because: changes.reset }) });
    return;
  }
  if (changes.items.length === 0) return;
  for (const [i, { seq, item }] of changes.items.entries()) {
    const isLast = changes.items[i + 1]?.seq !== seq;
    await stream.writeSSE({ event: "item", data: JSON.stringify(item), ...(isLast && { id: String(seq) }) });
  }
  const counts = await readCounts(ctx, defaultQuery);
  await stream.writeSSE({ event: "counts", data: JSON.stringify(counts), id: String(changes.to) });
}

/** Waits for a poke of the hub or a time; a poke in between waits for the next call. */
function createWaiter({ hub }: Context) {
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
