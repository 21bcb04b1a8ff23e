import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** A file under the name that is followed, or under one that a rotation gave it. */
export interface Generation {
  path: string;
  /** Device and inode. */
  id: string;
  size: number;
  modifiedMs: number;
  bornMs: number;
}

/** What rotations left of a file, oldest first, and the file itself at the end where it is there. */
export async function generationsOf(file: string): Promise<Generation[]> {
  const folder = dirname(file);
  const names = await readdir(folder).catch(() => []);
  const rotated = names.filter((name) => isRotated(name, basename(file)));
  // While one is compressed, both are there, and the compressed one is not whole.
  const whole = rotated.filter((name) => !(name.endsWith(".gz") && rotated.includes(name.slice(0, -3))));
  const older = await Promise.all(whole.map((name) => generationAt(join(folder, name))));
  const ordered = older.filter((one) => one !== null).sort(byAge);
  const live = await generationAt(file);
  return live === null ? ordered : [...ordered, live];
}

/** `eve.json` became `eve.json.1`, `eve.json-20261123.gz` or `eve-2026112309.json`. */
export function isRotated(name: string, original: string): boolean {
  const plain = name.endsWith(".gz") ? name.slice(0, -3) : name;
  const extension = extname(original);
  const stem = original.slice(0, original.length - extension.length);
  const isMark = (text: string) => /^[.-]\d[\d.T_-]*$/.test(text);
  if (plain.startsWith(original) && isMark(plain.slice(original.length))) return true;
  return (
    extension !== "" &&
    plain.startsWith(stem) &&
    plain.endsWith(extension) &&
    isMark(plain.slice(stem.length, -extension.length))
  );
}

async function generationAt(path: string): Promise<Generation | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  if (found === null || !found.isFile()) return null;
  const { dev, ino, size, mtimeNs, birthtimeNs } = found;
  const [modifiedMs, bornMs] = [Number(mtimeNs) / 1e6, Number(birthtimeNs) / 1e6];
  return { path, id: `${dev}:${ino}`, size: Number(size), modifiedMs, bornMs };
}

/** By the time of the last line; of the same moment, `.2` is older than `.1` and an earlier date than a later. */
function byAge(a: Generation, b: Generation): number {
  const isCounted = (path: string) => /\.\d{1,4}(\.gz)?$/.test(path);
  const names = a.path.localeCompare(b.path, "en", { numeric: true });
  return a.modifiedMs - b.modifiedMs || (isCounted(a.path) && isCounted(b.path) ? -names : names);
}
