import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { root } from "./run-step.mjs";

const outFolder = join(root, "dist/server");

const entries = {
  main: "server/main.ts",
  "pglite-worker": "server/db/pglite-worker.ts",
  cli: "server/cli/main.ts",
  demo: "server/demo.ts",
};

/** The page or script that tells whether there is something to build in a mode. */
const modes = {
  dashboard: "server/dashboard/index.html",
  chromium: "extension/popup.html",
  firefox: "extension/popup.html",
};

/** Only what exists: a fresh part may be built before its neighbours are written. */
function existing(all) {
  return Object.fromEntries(
    Object.entries(all).filter(([name, path]) => {
      if (existsSync(join(root, path))) return true;
      process.stderr.write(`note: ${name} is left out, there is no ${path}\n`);
      return false;
    }),
  );
}

/** What esbuild needs to know; the development server watches with the same. */
export function serverOptions() {
  return {
    absWorkingDir: root,
    entryPoints: existing(entries),
    outdir: outFolder,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
    jsx: "automatic",
    jsxImportSource: "preact",
  };
}

/** What esbuild does not write: the migrations, and the permission to run the command line. */
export function finishServer() {
  cpSync(join(root, "server/db/migrations"), join(outFolder, "migrations"), { recursive: true });
  const cli = join(outFolder, "cli.js");
  if (!existsSync(cli)) return;
  if (!readFileSync(cli, "utf8").startsWith("#!"))
    throw new Error(`${entries.cli} must begin with a #! line`);
  chmodSync(cli, 0o755);
}

export function pageModes() {
  return Object.keys(existing(modes));
}

/** The configuration names its folders from the project's root, and a root given here would overrule its own. */
export function pageOptions(mode) {
  process.chdir(root);
  return { configFile: join(root, "vite.config.ts"), mode, logLevel: "warn" };
}

export async function buildAll() {
  // Else a caller's NODE_ENV decides which build of Preact people get.
  process.env.NODE_ENV = "production";
  rmSync(outFolder, { recursive: true, force: true });
  await Promise.all([
    esbuild.build(serverOptions()).then(finishServer),
    ...pageModes().map((mode) => vite.build(pageOptions(mode))),
  ]);
}

if (process.argv[1] === join(root, ".ci/build.mjs")) {
  await buildAll();
}
