import { Hono } from "hono";
import { TrySourceInput } from "../../shared/try-source.ts";
import { trySource } from "../services/sources/try-source.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

/** `POST /ingest/try`, ahead of the formats: what a sample would give. */
export const trySourceRoutes = new Hono<AppEnv>().post("/", valid("json", TrySourceInput), (c) =>
  c.json(trySource(c.var.ctx, c.req.valid("json")), 200),
);
