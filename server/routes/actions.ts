import { Hono } from "hono";
import { undo } from "../services/groups/undo.ts";
import type { AppEnv } from "./app-env.ts";
import { IdParam, valid } from "./valid.ts";

export const actionRoutes = new Hono<AppEnv>().post("/:id/undo", valid("param", IdParam), async (c) =>
  c.json(await undo(c.var.ctx, c.req.valid("param").id), 200),
);
