import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const root = dirname(dirname(import.meta.dirname));

/** Everything that is or would be committed, by its path in the project. */
export function projectFiles(): string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  return [...new Set(listed)].filter((path) => path !== "" && existsSync(join(root, path))).sort();
}

export function readText(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
