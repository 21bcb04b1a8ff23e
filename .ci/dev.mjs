import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import * as vite from "vite";
import { finishServer, pageModes, pageOptions, serverOptions } from "./build.mjs";
import { root } from "./run-step.mjs";

const serverFile = join(root, "dist/server/main.js");
let server = null;
let restarting = Promise.resolve();
let stopping = false;

function startServer() {
  if (stopping || !existsSync(serverFile)) return;
  server = spawn(process.execPath, ["--enable-source-maps", serverFile], { cwd: root, stdio: "inherit" });
}

/** Waits for the old server to let go of the data folder before the new one takes it. */
async function stopServer() {
  const old = server;
  server = null;
  if (old === null || old.exitCode !== null || old.signalCode !== null) return;
  const exited = new Promise((resolve) => old.once("exit", resolve));
  old.kill("SIGTERM");
  await exited;
}

function restartServer() {
  restarting = restarting.then(stopServer).then(startServer);
  return restarting;
}

const restartOnChange = {
  name: "restart-on-change",
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      finishServer();
      await restartServer();
    });
  },
};

const watch = await esbuild.context({ ...serverOptions(), plugins: [restartOnChange] });
// Before the server starts: it serves the dashboard.
const watchers = await Promise.all(
  pageModes().map((mode) => vite.build({ ...pageOptions(mode), build: { watch: {} } })),
);
await watch.watch();

async function stop() {
  stopping = true;
  await restarting;
  await Promise.all([stopServer(), watch.dispose(), ...watchers.map((watcher) => watcher.close())]);
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop());
