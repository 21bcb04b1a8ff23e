import { Hono } from "hono";
import { checkReadiness, type ReadinessParts } from "../services/health/check-readiness.ts";
import type { AppEnv } from "./app-env.ts";

/** Open to everyone: whether the process runs, and whether it can take alerts. */
export function healthRoutes(deps: ReadinessParts) {
  return new Hono<AppEnv>()
    .get("/healthz", (c) => c.json({ status: "ok" }, 200))
    .get("/readyz", async (c) => {
      const readiness = await checkReadiness(deps);
      c.header("Cache-Control", "no-store");
      return c.json(readiness, readiness.status === "ready" ? 200 : 503);
    });
}
