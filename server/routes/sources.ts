import { Hono } from "hono";
import * as v from "valibot";
import { Limit } from "../../shared/queue.ts";
import { listSources } from "../services/senders/list-sources.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

const Place = v.pipe(
  v.string(),
  v.maxLength(1_024),
  v.transform((text) => Buffer.from(text, "base64url").toString()),
  v.parseJson(undefined, "a cursor that an answer gave"),
  v.strictTuple([v.string(), v.string()], "a cursor that an answer gave"),
  v.transform(([actorId, format]) => ({ actorId, format })),
);
const SourcesQuery = v.object({ limit: Limit, cursor: v.optional(Place) });

/** Mounted under `/sources`. */
export const sourceRoutes = new Hono<AppEnv>().get("/", valid("query", SourcesQuery), async (c) =>
  c.json(await listSources(c.var.ctx, c.req.valid("query")), 200),
);
