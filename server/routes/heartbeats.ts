import { Hono } from "hono";
import * as v from "valibot";
import { parseDuration } from "../../shared/duration.ts";
import { DetectorName, HeartbeatInput } from "../../shared/heartbeat.ts";
import { Limit } from "../../shared/queue.ts";
import { beat } from "../services/heartbeats/beat.ts";
import { listHeartbeats } from "../services/heartbeats/list-heartbeats.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

const DetectorParam = v.object({ detector: DetectorName });
const HeartbeatsQuery = v.object({ limit: Limit, cursor: v.optional(DetectorName) });

export const heartbeatRoutes = new Hono<AppEnv>()
  .get("/", valid("query", HeartbeatsQuery), async (c) =>
    c.json(await listHeartbeats(c.var.ctx, c.req.valid("query")), 200),
  )
  .post("/:detector", valid("param", DetectorParam), valid("json", HeartbeatInput), async (c) => {
    const { interval, ...where } = c.req.valid("json");
    const intervalMs = interval === undefined ? undefined : (parseDuration(interval) ?? undefined);
    const said = { ...c.req.valid("param"), ...where, intervalMs };
    return c.json(await beat(c.var.ctx, said), 200);
  });
