import { Hono } from "hono";
import { RejectsQuery } from "../../shared/senders.ts";
import { listRejects } from "../services/rejects/list-rejects.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

/** Mounted under `/rejects`. */
export const rejectRoutes = new Hono<AppEnv>().get("/", valid("query", RejectsQuery), async (c) =>
  c.json(await listRejects(c.var.ctx, c.req.valid("query")), 200),
);
