import { Hono } from "hono";
import { CreateSilenceInput, SilencesQuery } from "../../shared/silence.ts";
import { createSilence } from "../services/silences/create-silence.ts";
import { expireSilence } from "../services/silences/expire-silence.ts";
import { listSilences } from "../services/silences/list-silences.ts";
import { showSilence } from "../services/silences/show-silence.ts";
import type { AppEnv } from "./app-env.ts";
import { IdParam, valid } from "./valid.ts";

/** Mounted under `/silences`. */
export const silenceRoutes = new Hono<AppEnv>()
  .get("/", valid("query", SilencesQuery), async (c) =>
    c.json(await listSilences(c.var.ctx, c.req.valid("query")), 200),
  )
  .post("/", valid("json", CreateSilenceInput), async (c) =>
    c.json(await createSilence(c.var.ctx, c.req.valid("json")), 201),
  )
  .get("/:id", valid("param", IdParam), async (c) =>
    c.json(await showSilence(c.var.ctx, c.req.valid("param").id), 200),
  )
  .delete("/:id", valid("param", IdParam), async (c) => {
    await expireSilence(c.var.ctx, c.req.valid("param").id);
    return c.body(null, 204);
  });
