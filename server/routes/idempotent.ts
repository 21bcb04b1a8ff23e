import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { ServiceError } from "../errors.ts";
import type { AppEnv } from "./app-env.ts";
import { redactedPath } from "./redacted-path.ts";

/** Puts the `Idempotency-Key` of a write on its context. */
export const idempotent = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header("Idempotency-Key");
  if (key !== undefined && c.req.method !== "GET" && c.req.method !== "HEAD") {
    if (key === "" || key.length > 255) {
      throw new ServiceError("invalid", "Idempotency-Key: 1 to 255 characters");
    }
    const body = Buffer.from(await c.req.arrayBuffer());
    const bodyHash = createHash("sha256").update(body).digest("base64url");
    c.set("ctx", {
      ...c.var.ctx,
      idempotency: { key, route: `${c.req.method} ${redactedPath(c.req.path)}`, bodyHash },
    });
  }
  await next();
});
