import { existsSync } from "node:fs";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono, type MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";

const strictHeaders = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** The built dashboard in `folder`; nothing outside it can be named. */
export function pageRoutes(folder: string) {
  const page = (path: string) => files(folder, { path });
  return (
    new Hono<AppEnv>()
      .get("/", headers("no-cache"), page("index.html"))
      .get("/sources", headers("no-cache"), page("index.html"))
      .get("/sign-in", headers("no-cache"), page("sign-in.html"))
      .get("/pair", headers("no-cache"), page("pair.html"))
      // Their names carry a hash of what is in them.
      .get("/assets/*", headers("public, max-age=31536000, immutable"), files(folder))
  );
}

function headers(caching: string) {
  return createMiddleware<AppEnv>(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(strictHeaders)) c.header(name, value);
    c.header("Cache-Control", c.res.ok ? caching : "no-store");
  });
}

/** `serveStatic`, which complains of a folder that is not there yet: a server may start before the build ends. */
function files(folder: string, options: { path?: string } = {}): MiddlewareHandler<AppEnv> {
  let serve: MiddlewareHandler<AppEnv> | undefined;
  return async (c, next) => {
    if (!existsSync(folder)) return c.text("The dashboard is not built yet: run npm run build.", 503);
    serve ??= serveStatic<AppEnv>({ root: folder, ...options });
    return serve(c, next);
  };
}
