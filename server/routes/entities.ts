import { Hono } from "hono";
import * as v from "valibot";
import { EntityType } from "../../shared/alert.ts";
import { Limit } from "../../shared/queue.ts";
import { itemsNaming } from "../services/queue/items-naming.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

const EntityParam = v.object({ type: EntityType, value: v.pipe(v.string(), v.maxLength(1_024)) });
const Paging = v.object({ limit: Limit, cursor: v.optional(v.pipe(v.string(), v.maxLength(512))) });

export const entityRoutes = new Hono<AppEnv>().get(
  "/:type/:value",
  valid("param", EntityParam),
  valid("query", Paging),
  async (c) => c.json(await itemsNaming(c.var.ctx, c.req.valid("param"), c.req.valid("query")), 200),
);
