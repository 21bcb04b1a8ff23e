import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { limits } from "../../shared/alert.ts";
import { ServiceError } from "../errors.ts";
import type { AppEnv } from "./app-env.ts";

const maxSize = limits.bodyBytes;

function refuse(): never {
  throw new ServiceError("too_large", `a body may have at most ${maxSize} bytes`);
}

const limitStream = bodyLimit({ maxSize, onError: refuse });

/**
 * Refuses a body over the limit. One that says its length is only looked at: touching the body's stream would cost
 * every request the direct way from the socket. Node itself ends a request that sends more than it said.
 */
export const limitBody = createMiddleware<AppEnv>(async (c, next) => {
  const length = c.req.header("Content-Length");
  if (length === undefined) return limitStream(c, next);
  if (Number(length) > maxSize) refuse();
  await next();
});
