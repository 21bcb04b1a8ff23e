import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { readText, root } from "./source-files.ts";

export interface Import {
  from: string;
  /** A path in the project, or a package with its subpath. */
  to: string;
  isPackage: boolean;
  /** Gone after compilation. */
  isType: boolean;
}

// A statement's clause holds no quotes and no semicolons, so neither can be skipped over.
const statement = /^\s*(import|export)\s+(type\s+)?(?:[^"';]*?\bfrom\s+)?"([^"]+)"/gm;
const dynamicImport = /\bimport\(\s*"([^"]+)"\s*\)/g;

export function importsOf(path: string): Import[] {
  const text = readText(path);
  const found = [...text.matchAll(statement)].map(([, , type, specifier = ""]) =>
    resolved(path, specifier, type !== undefined),
  );
  const dynamic = [...text.matchAll(dynamicImport)].map(([, specifier = ""]) =>
    resolved(path, specifier, false),
  );
  return [...found, ...dynamic];
}

function resolved(from: string, specifier: string, isType: boolean): Import {
  const isPackage = !specifier.startsWith(".");
  const to = isPackage ? specifier : posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ""));
  return { from, to, isPackage, isType };
}

export function isThere({ to, isPackage }: Import): boolean {
  return isPackage || existsSync(join(root, to));
}

/** Each cycle once, as the files it goes through. */
export function cyclesOf(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, isPackage, isType } of imports) {
    if (!isPackage && !isType) next.set(from, [...(next.get(from) ?? []), to]);
  }
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) cycles.push([...trail.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
}
