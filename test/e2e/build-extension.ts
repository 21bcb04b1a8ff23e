import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");

/**
 * Builds the extension into a folder of its own. By default it holds loopback from the start, because headless Chromium
 * never shows the permission prompt; without hosts it asks, as it does for people.
 */
export async function buildExtension(
  browser: "chromium" | "firefox",
  hosts = "http://127.0.0.1/*",
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `quietwatch-${browser}-`));
  await run(
    process.execPath,
    [join(root, "node_modules", "vite", "bin", "vite.js"), "build", "--mode", browser],
    {
      cwd: root,
      env: { ...process.env, QUIETWATCH_EXTENSION_OUT: folder, QUIETWATCH_TEST_HOSTS: hosts },
    },
  );
  return folder;
}
