import { readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isRotated } from "./ship-generations.ts";
import { UsageError } from "./verb.ts";

const isPattern = (name: string) => /[*?]/.test(name);

/**
 * The files that names stand for now; `*` and `?` stand for characters of the last part of a path. What a rotation
 * left of another match is not one itself.
 * @throws UsageError when a folder has one of them
 */
export async function filesNamed(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (name) => (isPattern(name) ? matches(name) : [resolve(name)])),
  );
  return [...new Set(found.flat())];
}

async function matches(pattern: string): Promise<string[]> {
  const folder = dirname(resolve(pattern));
  if (isPattern(folder))
    throw new UsageError("* and ? stand for characters of a file's name, not of a folder's");
  const wanted = toRegExp(basename(pattern));
  const names = (await readdir(folder).catch(() => [])).filter((name) => wanted.test(name)).sort();
  return names
    .filter((name) => !names.some((other) => isRotated(name, other)))
    .map((name) => join(folder, name));
}

function toRegExp(pattern: string): RegExp {
  const parts = [...pattern].map((character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : character.replace(/[\\^$.+()[\]{}|]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s");
}
