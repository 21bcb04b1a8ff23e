import { Hono } from "hono";
import * as v from "valibot";
import { Time } from "../../shared/alert.ts";
import { ChangeInput } from "../../shared/change.ts";
import { Limit } from "../../shared/queue.ts";
import { announceChange } from "../services/changes/announce-change.ts";
import { listChanges } from "../services/changes/list-changes.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

const ChangesQuery = v.object({
  limit: Limit,
  cursor: v.optional(v.pipe(v.string(), v.uuid())),
  since: v.optional(Time),
});

export const changeRoutes = new Hono<AppEnv>()
  .get("/", valid("query", ChangesQuery), async (c) =>
    c.json(await listChanges(c.var.ctx, c.req.valid("query")), 200),
  )
  .post("/", valid("json", ChangeInput), async (c) =>
    c.json(await announceChange(c.var.ctx, c.req.valid("json")), 201),
  );
