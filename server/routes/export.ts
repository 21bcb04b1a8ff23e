import { Hono, type Context as HonoContext } from "hono";
import { stream } from "hono/streaming";
import * as v from "valibot";
import { Time } from "../../shared/alert.ts";
import type { Deps } from "../context.ts";
import { exportAlerts } from "../services/export/export-alerts.ts";
import { exportAll } from "../services/export/export-all.ts";
import type { AppEnv } from "./app-env.ts";
import { valid } from "./valid.ts";

const AllQuery = v.object({ credentials: v.optional(v.picklist(["true", "false"]), "false") });
const farFuture = Date.parse("9999-12-31T23:59:59Z");
const ms = (otherwise: number) =>
  v.optional(
    v.pipe(
      Time,
      v.transform((text) => Date.parse(text)),
    ),
    new Date(otherwise).toISOString(),
  );
const AlertsQuery = v.object({ from: ms(0), to: ms(farFuture) });

/** `GET /export/all.ndjson` and `GET /export/alerts.ndjson`, mounted under `/export`. */
export function exportRoutes({ store, log }: Pick<Deps, "store" | "log">) {
  return new Hono<AppEnv>()
    .get("/all.ndjson", valid("query", AllQuery), async (c) => {
      const withCredentials = c.req.valid("query").credentials === "true";
      return streamed(c, await exportAll(c.var.ctx, store, { withCredentials }), log);
    })
    .get("/alerts.ndjson", valid("query", AlertsQuery), async (c) =>
      streamed(c, await exportAlerts(c.var.ctx, store, c.req.valid("query")), log),
    );
}

/** A failure on the way ends the stream early; of an export of everything the last line is then missing. */
function streamed(
  c: HonoContext<AppEnv>,
  pieces: AsyncGenerator<string | Buffer>,
  log: Deps["log"],
): Response {
  c.header("Content-Type", "application/x-ndjson");
  c.header("Content-Disposition", "attachment");
  c.header("Cache-Control", "no-store");
  const { requestId } = c.var;
  return stream(
    c,
    async (to) => {
      for await (const piece of pieces) {
        if (to.aborted) return;
        await to.write(piece);
      }
    },
    async (error) => log("error", "export.failed", { requestId, message: error.message }),
  );
}
