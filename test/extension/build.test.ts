import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cmd } from "web-ext";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "quietwatch-extension-"));
const out = (target: string) => join(folder, target);
const read = (target: string, file: string) => readFileSync(join(out(target), file), "utf8");

async function buildFor(target: string): Promise<void> {
  process.env.QUIETWATCH_EXTENSION_OUT = out(target);
  await build({ configFile: join(root, "vite.config.ts"), mode: target, logLevel: "error" });
  delete process.env.QUIETWATCH_EXTENSION_OUT;
}

/** The page's own script and every chunk it imports, once. */
function scriptsOf(target: string, entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const [, path = ""] of read(target, entry).matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)) {
    scriptsOf(target, join(entry, "..", path), seen);
  }
  return seen;
}

beforeAll(async () => {
  await buildFor("chromium");
  await buildFor("firefox");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("the built extension", () => {
  it("gives each browser only the background key it knows", () => {
    const chromium = JSON.parse(read("chromium", "manifest.json"));
    const firefox = JSON.parse(read("firefox", "manifest.json"));
    expect(chromium.background).toEqual({ service_worker: "background.js", type: "module" });
    expect(firefox.background).toEqual({ scripts: ["background.js"], type: "module" });
    expect(firefox.browser_specific_settings.gecko.id).toBe("quietwatch@quietwatch.example");
  });

  it("asks for storage, alarms and one server on demand, and nothing else", () => {
    const manifest = JSON.parse(read("chromium", "manifest.json"));
    expect(manifest.permissions).toEqual(["storage", "alarms"]);
    expect(manifest.host_permissions).toBeUndefined();
    expect(manifest.content_scripts).toBeUndefined();
    expect(manifest.externally_connectable).toBeUndefined();
  });

  it("has a popup script of at most 30 kB gzipped, chunks included", () => {
    const scripts = [...scriptsOf("chromium", "popup.js")];
    expect(scripts.length).toBeGreaterThan(1);
    const bytes = scripts.map((path) => gzipSync(read("chromium", path)).length).reduce((a, b) => a + b);
    expect(bytes).toBeLessThanOrEqual(30 * 1024);
  });

  it("loads nothing from anywhere else", () => {
    for (const page of ["popup.html", "options.html"]) {
      const addresses = [...read("chromium", page).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
      expect(addresses.length).toBeGreaterThan(1);
      expect(addresses.filter((url) => !url?.startsWith("./"))).toEqual([]);
    }
  });

  it("passes Mozilla's linter without an error", async () => {
    const result = await cmd.lint(
      { sourceDir: out("firefox"), artifactsDir: folder, output: "none", selfHosted: false },
      { shouldExitProgram: false },
    );
    expect(result.errors).toEqual([]);
    expect(result.warnings.map((warning) => warning.code)).toEqual(["UNSAFE_VAR_ASSIGNMENT"]);
  }, 60_000);
});
