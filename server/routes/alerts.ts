import { Hono } from "hono";
import type { Deps } from "../context.ts";
import { showAlert, showOriginal } from "../services/alerts/show-alert.ts";
import type { AppEnv } from "./app-env.ts";
import { IdParam, valid } from "./valid.ts";

export function alertRoutes({ store }: Pick<Deps, "store">) {
  return new Hono<AppEnv>()
    .get("/:id", valid("param", IdParam), async (c) =>
      c.json(await showAlert(c.var.ctx, store, c.req.valid("param").id), 200),
    )
    .get("/:id/original", valid("param", IdParam), async (c) => {
      const original = await showOriginal(c.var.ctx, store, c.req.valid("param").id);
      // A download of plain bytes: whatever an attacker wrote, no browser runs it.
      return c.body(new Uint8Array(original), 200, {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": "attachment",
      });
    });
}
