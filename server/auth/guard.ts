import type { Context as HonoContext } from "hono";
import { createMiddleware } from "hono/factory";
import type { Actor, Context, Deps } from "../context.ts";
import { ServiceError } from "../errors.ts";
import { type Carrier, createIdentify, unauthenticated } from "./identify.ts";
import { requireOwnOrigin } from "./own-origin.ts";
import { requestContext } from "./request-context.ts";
import { readSessionCookie } from "./session-cookie.ts";

/** What the guard puts on a request, and the id it finds there. */
interface GuardEnv {
  Variables: { requestId: string; actor: Actor; ctx: Context };
}

export type GuardDeps = Pick<Deps, "store" | "clock" | "hub" | "policy" | "env" | "log">;

/**
 * Finds who asks and puts `actor` and `ctx` on the request; 401 for everybody else. With `basic` an API token
 * may also come as the password of HTTP basic authentication, under any user name.
 */
export function guard(deps: GuardDeps, { basic = false }: { basic?: boolean } = {}) {
  const identify = createIdentify(deps);
  return createMiddleware<GuardEnv>(async (c, next) => {
    const shown = shownSecret(c, deps, basic);
    const actor = await (shown ? identify(...shown) : Promise.reject(unauthenticated())).catch((error) => {
      if (error instanceof ServiceError && error.status === 401) c.header("WWW-Authenticate", "Bearer");
      throw error;
    });
    if (shown?.[1] === "cookie" && !isReading(c.req.method)) {
      const { publicUrl } = deps.env;
      requireOwnOrigin({ origin: c.req.header("Origin"), host: c.req.header("Host"), publicUrl });
    }
    c.set("actor", actor);
    c.set("ctx", requestContext(deps, actor, c.var.requestId));
    await next();
  });
}

const isReading = (method: string) => method === "GET" || method === "HEAD";

/** A token in the header wins over the cookie even when it is wrong, so that a caller is never somebody else. */
function shownSecret(c: HonoContext, deps: GuardDeps, basic: boolean): [string, Carrier] | null {
  const [, scheme = "", rest = ""] = /^(\S+)(?: +(.*))?$/.exec(c.req.header("Authorization") ?? "") ?? [];
  if (/^bearer$/i.test(scheme)) return [rest.trim(), "bearer"];
  if (basic && /^basic$/i.test(scheme)) return [passwordOf(rest), "password"];
  const session = readSessionCookie(c, deps.env);
  return session === undefined ? null : [session, "cookie"];
}

function passwordOf(encoded: string): string {
  const pair = Buffer.from(encoded, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}
