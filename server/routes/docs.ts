import { type Context, Hono } from "hono";
import { docsCss } from "../openapi/docs-css.ts";
import { renderDocs } from "../openapi/docs-page.ts";
import { buildDocument } from "../openapi/document.ts";
import type { AppEnv } from "./app-env.ts";

const strictHeaders = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-cache",
};

/** Open to everyone: the description of the API for programs and for people. */
export function docsRoutes() {
  const document = once(buildDocument);
  const page = once(async () => String(await renderDocs(document())));
  const strict = (c: Context<AppEnv>) => {
    for (const [name, value] of Object.entries(strictHeaders)) c.header(name, value);
    return c;
  };
  return new Hono<AppEnv>()
    .get("/openapi.json", (c) => strict(c).json(document(), 200))
    .get("/docs", async (c) => strict(c).html(await page(), 200))
    .get("/docs.css", (c) => strict(c).body(docsCss, 200, { "Content-Type": "text/css; charset=utf-8" }));
}

/** Made when it is first asked for, so that a start does not wait for it. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
