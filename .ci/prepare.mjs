// Runs before anything is installed and on Node versions that are too old: Node's own modules and plain syntax only.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.mjs";
import { root, runStep } from "./run-step.mjs";

const sources = [
  "shared",
  "server",
  "extension",
  "manifest.json",
  "vite.config.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
  ".ci/build.mjs",
];

/** Installs what the lock file names when it is not what node_modules holds. */
export async function install({ quiet = false } = {}) {
  if (isInstalled()) return;
  await withLock(async () => {
    if (isInstalled()) return;
    note(quiet, "Installing packages");
    // NODE_ENV=production or an omit setting would leave out what the build needs.
    const command = existsSync(join(root, "package-lock.json")) ? "ci" : "install";
    await must(quiet, ...npm(command, "--include=dev", "--include=optional", "--loglevel=error"));
  });
}

/** Installs and builds when dist is missing or was built from other sources. */
export async function build({ quiet = false } = {}) {
  await install({ quiet });
  if (isBuilt()) return;
  await withLock(async () => {
    if (isBuilt()) return;
    note(quiet, "Building");
    const stamp = sourceStamp();
    await must(quiet, process.execPath, [join(root, ".ci/build.mjs")], buildEnv());
    mkdirSync(join(root, "dist"), { recursive: true });
    writeFileSync(join(root, "dist/.stamp"), stamp);
  });
}

/** npm writes the second lock file last, so an interrupted install does not pass for a whole one. */
function isInstalled() {
  const wanted = readPackages("package-lock.json");
  const present = readPackages("node_modules/.package-lock.json");
  if (present === null) return false;
  if (wanted === null) return true;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" ||
      (present[path] === undefined
        ? entry.optional === true || entry.devOptional === true || entry.peer === true
        : present[path].version === entry.version && present[path].integrity === entry.integrity),
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

function isBuilt() {
  const file = join(root, "dist/.stamp");
  return existsSync(file) && readFileSync(file, "utf8") === sourceStamp();
}

/** Changes when any source file is added, removed, resized or written. */
function sourceStamp() {
  const hash = createHash("sha256");
  const add = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) add(`${path}/${name}`);
    } else hash.update(`${path} ${stat.mtimeMs} ${stat.size}\n`);
  };
  for (const path of sources) add(path);
  return hash.digest("hex");
}

/** What browser tests set for builds of their own must not leak into dist. */
function buildEnv() {
  const env = { ...process.env };
  delete env.QUIETWATCH_TEST_HOSTS;
  delete env.QUIETWATCH_EXTENSION_OUT;
  return env;
}

/** The npm that runs us, or the one on the path. */
function npm(...args) {
  const own = process.env.npm_execpath;
  if (own !== undefined && /npm-cli\.[cm]?js$/.test(own)) return [process.execPath, [own, ...args]];
  return ["npm", args];
}

function note(quiet, text) {
  if (!quiet) process.stderr.write(`${text} …\n`);
}

async function must(quiet, program, args, env = process.env) {
  const status = await runStep(program, args, { show: quiet ? "failure" : "stderr", env });
  if (status !== 0) throw new Error(`${[program, ...args].join(" ")} failed with status ${status}`);
}

/** One sentence instead of a syntax error from something deep inside. */
export function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  process.stderr.write(`Quietwatch needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

if (process.argv[1] === join(root, ".ci/prepare.mjs")) {
  requireNode();
  const [task, ...options] = process.argv.slice(2);
  const work = { install, build }[task];
  try {
    if (work === undefined) throw new Error("usage: prepare.mjs install|build [--quiet]");
    await work({ quiet: options.includes("--quiet") });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
