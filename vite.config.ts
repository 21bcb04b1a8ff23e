import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin, type UserConfig } from "vite";

type Target = "chromium" | "firefox";

/** One root manifest serves both browsers; each gets only the background key it knows. */
export function manifestFor(target: Target, text: string): string {
  const manifest = JSON.parse(text);
  if (target === "chromium") {
    delete manifest.background.scripts;
    delete manifest.browser_specific_settings;
  } else {
    delete manifest.background.service_worker;
    delete manifest.minimum_chrome_version;
    delete manifest.key;
  }
  // Browser tests cannot answer the permission prompt everywhere, so their builds hold the host from the start.
  const hosts = process.env.QUIETWATCH_TEST_HOSTS;
  if (hosts) manifest.host_permissions = hosts.split(",");
  return JSON.stringify(manifest, null, 2);
}

function emitManifest(target: Target): Plugin {
  return {
    name: "quietwatch-manifest",
    generateBundle() {
      const text = readFileSync(resolve(import.meta.dirname, "manifest.json"), "utf8");
      this.emitFile({ type: "asset", fileName: "manifest.json", source: manifestFor(target, text) });
    },
  };
}

function extensionBuild(target: Target): UserConfig {
  return {
    root: "extension",
    base: "./",
    publicDir: "public",
    plugins: [emitManifest(target)],
    build: {
      outDir: process.env.QUIETWATCH_EXTENSION_OUT ?? `../dist/${target}`,
      emptyOutDir: true,
      modulePreload: false,
      target: "es2022",
      // The oldest browsers the manifest lets in know light-dark().
      cssTarget: ["chrome123", "firefox142"],
      rollupOptions: {
        input: {
          popup: "extension/popup.html",
          options: "extension/options.html",
          background: "extension/background/background.ts",
        },
        output: { entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
      },
    },
  };
}

function dashboardBuild(): UserConfig {
  return {
    root: "server/dashboard",
    base: "/",
    build: {
      outDir: "../../dist/dashboard",
      emptyOutDir: true,
      modulePreload: false,
      assetsInlineLimit: 0,
      target: "es2022",
      rollupOptions: {
        input: {
          index: "server/dashboard/index.html",
          "sign-in": "server/dashboard/sign-in.html",
          pair: "server/dashboard/pair.html",
        },
      },
    },
  };
}

/** `vite build --mode chromium|firefox|dashboard`. */
export default defineConfig(({ mode }) => ({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  ...(mode === "dashboard" ? dashboardBuild() : extensionBuild(mode === "firefox" ? "firefox" : "chromium")),
}));
