import { describe, expect, it } from "vitest";
import { cyclesOf, importsOf, isThere } from "./support/import-graph.ts";
import { packages, roomOf, rooms } from "./support/rooms.ts";
import { projectFiles, readText } from "./support/source-files.ts";

const files = projectFiles();
const code = files.filter((path) => /^(shared|server|extension)\/.*\.tsx?$/.test(path));
const tests = files.filter((path) => /^test\/(?!fixtures\/).*\.tsx?$/.test(path));
const machine = files.filter((path) => /^\.ci\/.*\.mjs$/.test(path));
const styles = files.filter((path) => /^(shared|server|extension)\/.*\.(css|html)$/.test(path));
const documents = files.filter((path) => /^(docs\/.*|[A-Z]+)\.md$/.test(path));
const schema = "server/db/schema.ts";
const own = files.filter((path) => !path.startsWith("test/fixtures/") && !/\.(png|ico|woff2|gz)$/.test(path));
const imports = code.flatMap(importsOf);

it("the checks see the project", () => {
  expect(code.length).toBeGreaterThan(50);
  expect(tests.length).toBeGreaterThan(10);
  expect(machine.length).toBeGreaterThan(4);
  expect(styles.length).toBeGreaterThan(3);
  expect(imports.length).toBeGreaterThan(100);
});

describe("sizes and names", () => {
  it.each([
    ["a source file", 250, [...code, ...machine, ...styles].filter((path) => path !== schema)],
    // One schema is one idea.
    ["the schema", 400, [schema]],
    ["a test file", 500, tests],
  ])("%s has at most %i lines", (_what, most, paths) => {
    expect(paths.filter((path) => readText(path).trimEnd().split("\n").length > most)).toEqual([]);
  });

  it("no file or folder is named after nothing in particular", () => {
    const vague = /(^|[/-])(utils?|helpers?|common|managers?|handlers?|base|impl|misc)(?=[/.])/;
    expect([...code, ...tests, ...machine].filter((path) => vague.test(path))).toEqual([]);
  });

  it("nothing is left for later in a comment", () => {
    const later = /(\/\/|\/\*|^\s*\*).*\b(TODO|FIXME|HACK|XXX)\b/m;
    const checked = [...code, ...machine, ...tests];
    expect(checked.filter((path) => later.test(readText(path)))).toEqual([]);
  });

  it("the top level holds what is listed in CONTRIBUTING.md and nothing else", () => {
    const entries = [...new Set(files.map((path) => path.split("/")[0] ?? path))].sort();
    const listed = readText("CONTRIBUTING.md").match(/^Top level: (.+)$/m)?.[1] ?? "";
    const allowed = [...listed.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name.replace(/\/$/, "")).sort();
    expect(entries).toEqual(allowed);
  });
});

describe("directions", () => {
  it("every import of a file finds it", () => {
    expect(imports.filter((found) => !isThere(found))).toEqual([]);
  });

  it("every file is in a room of the table", () => {
    expect(code.filter((path) => !(roomOf(path) in rooms))).toEqual([]);
  });

  it("a room imports only what the table allows", () => {
    const wrong = imports.filter(({ from, to, isPackage, isType }) => {
      const target = roomOf(to);
      if (isPackage || target === roomOf(from) || target === "shared") return false;
      if (from === "extension/lib/api.ts" && target.startsWith("server/")) return !isType;
      const allowed = rooms[roomOf(from)] ?? [];
      return !(allowed.includes(target) || (isType && allowed.includes(`type ${target}`)));
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it("the table itself has no cycle", () => {
    const edges = Object.entries(rooms).flatMap(([from, allowed]) =>
      allowed.map((to) => ({ from, to, isPackage: false, isType: to.startsWith("type ") })),
    );
    expect(edges.length).toBeGreaterThan(50);
    expect(cyclesOf(edges)).toEqual([]);
  });

  it("a pure room uses only packages without side effects", () => {
    const wrong = imports.filter(
      ({ from, to, isPackage }) => isPackage && packages[roomOf(from)]?.includes(to) === false,
    );
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it.each([
    ["extension/lib/browser.ts", "webextension-polyfill"],
    ["extension/lib/api.ts", "server/"],
  ])("in the extension %s is alone in importing %s", (only, what) => {
    const importers = imports
      .filter(({ from, to }) => from.startsWith("extension/") && to.startsWith(what))
      .map(({ from }) => from);
    expect(code).toContain(only);
    expect(importers.filter((path) => path !== only)).toEqual([]);
  });

  it("no import leads back to where it came from", () => {
    expect(cyclesOf(imports)).toEqual([]);
  });
});

describe("documents", () => {
  const slug = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-");
  const anchors = (path: string) =>
    [...readText(path).matchAll(/^#+\s+(.+)$/gm)].map(([, heading = ""]) => slug(heading));

  it("every link to a place in the project leads there", () => {
    const links = documents.flatMap((from) =>
      [...readText(from).matchAll(/\]\(([^)\s]+)[^)]*\)/g)]
        .map(([, href = ""]) => href)
        .filter((href) => !/^[a-z]+:/.test(href))
        .map((href) => ({ from, href })),
    );
    const broken = links.filter(({ from, href }) => {
      const url = new URL(href, `file:///${from}`);
      const path = decodeURIComponent(url.pathname.slice(1));
      if (!files.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, "")}/`))) return true;
      return (
        url.hash !== "" &&
        path.endsWith(".md") &&
        !anchors(path).includes(decodeURIComponent(url.hash.slice(1)))
      );
    });
    expect(documents).toContain("README.md");
    expect(documents).toContain("CONTRIBUTING.md");
    expect(links.length).toBeGreaterThan(3);
    expect(broken).toEqual([]);
  });

  it("every document that is named anywhere is one of the project", () => {
    const known = new Set(documents.map((path) => path.split("/").at(-1)));
    const named = own
      .filter((path) => path !== "package-lock.json")
      .flatMap((from) => [...readText(from).matchAll(/\b[\w-]+\.md\b/g)].map(([name]) => ({ from, name })));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
  });
});

describe("the extension's manifest", () => {
  interface Permissions {
    permissions: string[];
    host_permissions?: string[];
    optional_permissions?: string[];
    optional_host_permissions?: string[];
  }
  const readManifest = (): Permissions => JSON.parse(readText("manifest.json"));

  it("asks for what is listed here and nothing else", () => {
    const manifest = readManifest();
    expect(manifest.permissions).toEqual(["storage", "alarms"]);
    expect(manifest.host_permissions ?? []).toEqual([]);
    expect(manifest.optional_permissions ?? []).toEqual([]);
    expect(manifest.optional_host_permissions).toEqual(["http://*/*", "https://*/*"]);
  });

  it("has a reason in docs/security.md for everything it asks for", () => {
    const { permissions, optional_permissions = [], optional_host_permissions = [] } = readManifest();
    const lines = readText("docs/security.md").split("\n");
    const hasReason = (name: string) =>
      lines.some(
        (line) => line.includes(`\`${name}\``) && line.replaceAll(/`[^`]*`/g, "").trim().length > 30,
      );
    const asked = [...permissions, ...optional_permissions, ...optional_host_permissions];
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !hasReason(name))).toEqual([]);
  });
});

describe("what a clone carries", () => {
  it("names no package registry, so that an installation asks the one it is set up for", () => {
    const registry = /registry\.(npmjs|yarnpkg|npmmirror)\.|npm\.pkg\.github|\bpypi\.org/;
    const checked = own.filter((path) => path !== "test/conventions.test.ts");
    expect(checked).toContain("package-lock.json");
    expect(checked.filter((path) => registry.test(readText(path)))).toEqual([]);
  });

  interface Locked {
    resolved?: string;
    integrity?: string;
    optional?: boolean;
    optionalDependencies?: Record<string, string>;
  }
  const readLock = (): { packages: Record<string, Locked> } => JSON.parse(readText("package-lock.json"));

  it("has a lock file that says what a package must be and not where it was fetched", () => {
    const locked = Object.entries(readLock().packages).filter(([path]) => path !== "");
    expect(locked.length).toBeGreaterThan(100);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    // Binaries of other platforms may lack it: their exact version stands in their parent's list.
    const unchecked = locked.filter(
      ([, { integrity, optional }]) => integrity === undefined && optional !== true,
    );
    expect(unchecked).toEqual([]);
  });

  it("has a lock file with the binaries of every platform, which npm 11 insists on", () => {
    const { packages } = readLock();
    const names = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    const paths = Object.keys(packages);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
  });

  it("names no folder of somebody's machine", () => {
    const checked = own.filter((path) => !path.startsWith("test/") && path !== "package-lock.json");
    const folder = /(?<![\w.])\/(?:home|Users|work|workspace)\/[a-z][\w-]*\//;
    expect(checked.length).toBeGreaterThan(50);
    expect(checked.filter((path) => folder.test(readText(path)))).toEqual([]);
  });
});
