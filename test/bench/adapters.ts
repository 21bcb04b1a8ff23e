import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { build } from "esbuild";
import { formats } from "../../shared/alert.ts";
import { fixtureRecords, fixturesOf } from "../adapters/fixture-records.ts";
import type { Cost, Sample } from "./adapter-costs.ts";

/** What reading a record of each format costs beside parsing it, over the fixtures of the tests. */
export async function bench(): Promise<void> {
  console.log("adapters: CPU of one thread, over the fixtures of the tests; ratio to the canonical alert");
  console.log("format           bytes   parse µs   read µs   find µs   records/s   ratio");
  const child = await measuringProcess();
  try {
    let canonical = 0;
    // The canonical one is the first, because the others are compared with it.
    for (const sample of [...samplesOf("alert"), ...others().flatMap(samplesOf)]) {
      const cost = await costOf(child, sample);
      const perSecond = 1e6 / cost.read;
      canonical ||= perSecond;
      print(sample, cost, perSecond, perSecond / canonical);
    }
  } finally {
    child.kill();
  }
}

function others() {
  return formats.filter((format) => format !== "alert");
}

/** Records of JSON, and where the format has them those of a plain text. */
function samplesOf(format: (typeof formats)[number]): Sample[] {
  const records = fixturesOf[format].flatMap(fixtureRecords);
  const texts = records.filter((record) => typeof record === "string");
  const objects = records.filter((record) => typeof record !== "string").map((one) => JSON.stringify(one));
  const samples = [
    { format, isText: false, bodies: objects },
    { format, isText: true, bodies: texts },
  ];
  return samples.filter(({ bodies }) => bodies.length > 0);
}

/** Bundled as the server is: what runs TypeScript from source gives every inner function its name, at each call. */
async function measuringProcess(): Promise<ChildProcess> {
  const outfile = resolve(import.meta.dirname, "../../dist/bench/adapter-costs.js");
  const entry = resolve(import.meta.dirname, "adapter-costs.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm" });
  return fork(outfile, { execArgv: [] });
}

async function costOf(child: ChildProcess, sample: Sample): Promise<Cost> {
  child.send(sample);
  const [cost] = await once(child, "message");
  return cost;
}

function print({ format, isText, bodies }: Sample, cost: Cost, perSecond: number, ratio: number): void {
  const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0) / bodies.length;
  const cells = [
    (isText ? `${format} text` : format).padEnd(14),
    bytes.toFixed(0).padStart(7),
    cost.parsed.toFixed(2).padStart(10),
    Math.max(0, cost.read - cost.parsed)
      .toFixed(2)
      .padStart(9),
    Math.max(0, cost.found - cost.parsed)
      .toFixed(2)
      .padStart(9),
    Math.round(perSecond).toLocaleString("en").padStart(11),
    `${ratio.toFixed(2)}×`.padStart(7),
  ];
  console.log(cells.join(" "));
}
