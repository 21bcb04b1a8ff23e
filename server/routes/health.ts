import { Hono } from "hono";
import type { Deps } from "../context.ts";
import { isReady } from "../services/health/is-ready.ts";
import type { AppEnv } from "./app-env.ts";

/** Open to everyone: whether the process runs, and whether its store answers. */
export function healthRoutes({ store }: Pick<Deps, "store">) {
  return new Hono<AppEnv>()
    .get("/healthz", (c) => c.json({ status: "ok" }, 200))
    .get("/readyz", async (c) =>
      (await isReady(store))
        ? c.json({ status: "ready" }, 200)
        : c.json({ status: "store unreachable" }, 503),
    );
}
