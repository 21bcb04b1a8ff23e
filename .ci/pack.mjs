import { readFileSync } from "node:fs";
import { join } from "node:path";
import webExt from "web-ext";
import { buildAll } from "./build.mjs";
import { root } from "./run-step.mjs";

await buildAll();
for (const browser of ["chromium", "firefox"]) {
  const sourceDir = join(root, "dist", browser);
  const { version } = JSON.parse(readFileSync(join(sourceDir, "manifest.json"), "utf8"));
  const filename = `quietwatch-${browser}-${version}.zip`;
  await webExt.cmd.build(
    { sourceDir, artifactsDir: join(root, "dist"), filename, overwriteDest: true },
    { showReadyMessage: false },
  );
  console.log(`dist/${filename}`);
}
