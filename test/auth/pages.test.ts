import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pageRoutes } from "../../server/routes/pages.ts";

let folder: string;
let pages: ReturnType<typeof pageRoutes>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quietwatch-pages-"));
  const built = join(folder, "dashboard");
  await mkdir(join(built, "assets"), { recursive: true });
  for (const name of ["index", "sign-in", "pair"]) {
    await writeFile(join(built, `${name}.html`), `<title>${name}</title>`);
  }
  await writeFile(join(built, "assets", "main-1a2b3c.js"), "export {};");
  await writeFile(join(built, "private.txt"), "private");
  await writeFile(join(folder, "outside.txt"), "outside");
  pages = pageRoutes(built);
});
afterAll(() => rm(folder, { recursive: true }));

/** Over a socket, because whatever parses an address takes the dots away before they reach the routes. */
async function askAsWritten(path: string): Promise<[number | undefined, string]> {
  const server = createServer(getRequestListener(pages.fetch)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const [answer] = await once(get({ host: "127.0.0.1", port, path }), "response");
  const text = (await answer.toArray()).join("");
  server.close();
  return [answer.statusCode, text];
}

describe("the dashboard's pages", () => {
  it.each([
    ["/", "index"],
    ["/sign-in", "sign-in"],
    ["/pair?code=BCDF-GHJK", "pair"],
  ])("are served under %s, asked for anew each time", async (path, title) => {
    const answer = await pages.request(path);
    expect(await answer.text()).toBe(`<title>${title}</title>`);
    expect(answer.headers.get("Content-Type")).toMatch(/^text\/html/);
    expect(answer.headers.get("Cache-Control")).toBe("no-cache");
  });

  it.each(["/", "/sign-in", "/pair", "/assets/main-1a2b3c.js"])(
    "let nothing foreign in under %s",
    async (path) => {
      const { headers } = await pages.request(path);
      expect(headers.get("Content-Security-Policy")).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
      expect(headers.get("Referrer-Policy")).toBe("no-referrer");
      expect(headers.get("Cross-Origin-Opener-Policy")).toBe("same-origin");
      expect(headers.get("Permissions-Policy")).toContain("camera=()");
    },
  );

  it("come with scripts that never change under their name", async () => {
    const answer = await pages.request("/assets/main-1a2b3c.js");
    expect(await answer.text()).toBe("export {};");
    expect(answer.headers.get("Content-Type")).toMatch(/^text\/javascript/);
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
  });

  it("answer HEAD without a body", async () => {
    const answer = await pages.request("/", { method: "HEAD" });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(answer.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  });

  it.each([
    "/assets/missing.js",
    "/assets/",
    "/assets/../private.txt",
    "/assets/../../outside.txt",
    "/assets/..%2fprivate.txt",
    "/assets/..%2f..%2foutside.txt",
    "/assets/%2e%2e/%2e%2e/outside.txt",
    "/assets/..%5c..%5coutside.txt",
    "/assets/..\\..\\outside.txt",
    "/assets//etc/passwd",
    "/assets/%00",
    "/private.txt",
  ])("are all there is: %s is not there", async (path) => {
    const [status, text] = await askAsWritten(path);
    expect(status === 404 || status === 400).toBe(true);
    expect(text).not.toMatch(/private|outside|root:/);
  });

  it("do not have a miss remembered", async () => {
    const answer = await pages.request("/assets/missing.js");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });

  it("say so while they are not built", async () => {
    const answer = await pageRoutes(join(folder, "not-there")).request("/");
    expect([answer.status, await answer.text()]).toEqual([
      503,
      "The dashboard is not built yet: run npm run build.",
    ]);
  });
});
