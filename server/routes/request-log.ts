import { randomUUID } from "node:crypto";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context as HonoContext } from "hono";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { Deps } from "../context.ts";
import { ServiceError } from "../errors.ts";
import type { LogFields } from "../log.ts";
import type { AppEnv } from "./app-env.ts";
import { createFewLines } from "./few-lines.ts";
import { bringsAlerts, routeClass } from "./route-class.ts";

/** A flood of strangers must not become a flood of lines. */
const linesPerSecond = 10;

/**
 * Gives every request its id, counts what it was answered and writes a line of it: never its path, which may hold a
 * token or a name, but the pattern of it. Requests that bring alerts are told of in sums instead (summarise-intake).
 */
export function requestLog({ log, observe }: Pick<Deps, "log" | "observe">) {
  const few = createFewLines(linesPerSecond);
  const sayFew = (type: string, fields: LogFields) => {
    const leftOut = few.next();
    if (leftOut !== null) log("warn", type, { ...fields, leftOut });
  };
  return createMiddleware<AppEnv>(async (c, next) => {
    const started = performance.now();
    c.set("requestId", randomUUID());
    c.header("X-Content-Type-Options", "nosniff");
    await next();
    const { method, path } = c.req;
    const { status } = c.res;
    const routes = routeClass(path);
    observe.requests.answered(routes, status);
    if (status === 401 || status === 403) {
      const reason = c.error instanceof ServiceError ? c.error.code : String(status);
      observe.requests.refused(reason);
      sayFew("auth.refused", { ...summary(c, started), reason });
    } else if (!bringsAlerts(method, path)) {
      const isProbe = routes === "health" && status < 400;
      log(isProbe ? "debug" : "info", "api.request.summary", summary(c, started));
    } else if (status === 413 && !hasActor(c)) {
      // By its length alone, before anybody asked who sends it.
      observe.rejects.body("unknown", "too_large");
      sayFew("api.request.summary", summary(c, started));
    }
  });
}

function summary(c: HonoContext<AppEnv>, started: number): LogFields {
  return {
    method: c.req.method,
    path: routePath(c, -1),
    code: c.res.status,
    t: Math.round((performance.now() - started) * 10) / 10,
    requestId: c.var.requestId,
    ...(hasActor(c) && { uid: c.var.actor.id }),
    remoteAddress: remoteAddress(c),
  };
}

/** Behind the guard only, whatever the type says. */
function hasActor(c: HonoContext<AppEnv>): boolean {
  return Reflect.get(c.var, "actor") !== undefined;
}

/** The other end of the connection, which is the proxy where there is one; null without a connection. */
function remoteAddress(c: HonoContext<AppEnv>): string | null {
  try {
    return getConnInfo(c).remote.address ?? null;
  } catch {
    return null;
  }
}
