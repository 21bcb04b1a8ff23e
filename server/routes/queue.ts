import { createHash } from "node:crypto";
import { Hono } from "hono";
import { QueueQuery } from "../../shared/queue.ts";
import type { Actor } from "../context.ts";
import { readChange } from "../services/queue/read-change.ts";
import { readQueue } from "../services/queue/read-queue.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

export const queueRoutes = new Hono<AppEnv>().get("/", valid("query", QueueQuery), async (c) => {
  const { ctx } = c.var;
  const filter = digest(c.req.url, ctx.actor);
  c.header("Cache-Control", "private, no-cache");
  const unchanged = etag(await readChange(ctx), filter);
  if (c.req.header("If-None-Match") === unchanged) return c.body(null, 304, { ETag: unchanged });
  const answer = await readQueue(ctx, c.req.valid("query"));
  c.header("ETag", etag(answer.version, filter));
  return c.json(answer, 200);
});

function etag(version: number, filter: string): string {
  return `W/"${version}-${filter}"`;
}

/** The same version means another answer to another actor or filter. */
function digest(url: string, { id, environments, services }: Actor): string {
  const text = JSON.stringify([new URL(url).search, id, environments, services]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}
