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

export type GuardDeps = Pick<Deps, "store" | "clock" | "hub" | "policy" | "env" | "log" | "fetch">;

export interface GuardOptions {
  /** An API token may also come as the password of HTTP basic authentication, under any user name. */
  basic?: boolean;
  /** An API token may also stand where a sender of its own kind puts its key; null where there is none. */
  elsewhere?(c: HonoContext): string | null | Promise<string | null>;
}

/** Finds who asks and puts `actor` and `ctx` on the request; 401 for everybody else. */
export function guard(deps: GuardDeps, { basic = false, elsewhere }: GuardOptions = {}) {
  const identify = createIdentify(deps);
  return createMiddleware<GuardEnv>(async (c, next) => {
    const shown = headerSecret(c, basic) ?? (await keyElsewhere(c, elsewhere)) ?? cookieSecret(c, deps);
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

type Shown = [secret: string, carrier: Carrier];

const isReading = (method: string) => method === "GET" || method === "HEAD";

/** A token in the header wins over the cookie even when it is wrong, so that a caller is never somebody else. */
function headerSecret(c: HonoContext, basic: boolean): Shown | null {
  const [, scheme = "", rest = ""] = /^(\S+)(?: +(.*))?$/.exec(c.req.header("Authorization") ?? "") ?? [];
  if (/^bearer$/i.test(scheme)) return [rest.trim(), "bearer"];
  return basic && /^basic$/i.test(scheme) ? [passwordOf(rest), "password"] : null;
}

async function keyElsewhere(c: HonoContext, elsewhere: GuardOptions["elsewhere"]): Promise<Shown | null> {
  const key = (await elsewhere?.(c)) ?? null;
  return key === null ? null : [key, "password"];
}

function cookieSecret(c: HonoContext, deps: GuardDeps): Shown | null {
  const session = readSessionCookie(c, deps.env);
  return session === undefined ? null : [session, "cookie"];
}

function passwordOf(encoded: string): string {
  const pair = Buffer.from(encoded, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}
