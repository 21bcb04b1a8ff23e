import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installDebianPackages } from "./debian-packages.mjs";
import { build, install, requireNode } from "./prepare.mjs";
import { root, runStep } from "./run-step.mjs";

const counts = { passed: 0, failed: 0, skipped: 0 };

/** A step that fails is one failure; the steps after it still run, so that one run shows everything. */
async function step(heading, work) {
  console.log(`\n== ${heading}`);
  try {
    await work();
  } catch (error) {
    console.log(error.message);
    counts.failed += 1;
  }
}

async function installAll() {
  await install();
  const missing = await installDebianPackages();
  if (missing.length > 0) throw new Error(`The tests need: apt-get install ${missing.join(" ")}`);
}

function tool(name, script, ...args) {
  return async () => {
    const status = await runStep(process.execPath, [join(root, "node_modules", script), ...args]);
    if (status !== 0) throw new Error(`${name} failed with status ${status}`);
  };
}

async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "quietwatch-test-"));
  const file = join(folder, "report.json");
  const before = counts.failed;
  try {
    const status = await runStep(process.execPath, [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--reporter=default",
      `--reporter=${join(root, ".ci/skip-reporter.mjs")}`,
      "--reporter=json",
      `--outputFile.json=${file}`,
    ]);
    count(JSON.parse(readFileSync(file, "utf8")));
    if (status !== 0 && counts.failed === before) throw new Error(`vitest failed with status ${status}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(report) {
  for (const { status, assertionResults } of report.testResults) {
    const results = assertionResults.map((result) => result.status);
    const failed = results.filter((result) => result === "failed").length;
    const passed = results.filter((result) => result === "passed").length;
    counts.passed += passed;
    counts.skipped += results.length - passed - failed;
    // A file that cannot be loaded or set up fails without a test of its own.
    counts.failed += status === "failed" ? Math.max(failed, 1) : failed;
  }
}

async function main() {
  requireNode();
  await step("install", installAll);
  if (counts.failed > 0) return;
  await step("style", tool("biome", "@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."));
  await step("types", tool("tsc", "typescript/bin/tsc", "-p", "tsconfig.json"));
  await step("unused code", tool("knip", "knip/bin/knip.js", "--no-progress"));
  await step("build", () => build());
  await step("tests", runTests);
}

await main();
const { passed, failed, skipped } = counts;
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
