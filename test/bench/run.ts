import { bench as adapters } from "./adapters.ts";
import { bench as fairness } from "./fairness.ts";
import { bench as growth } from "./growth.ts";
import { bench as ingest } from "./ingest.ts";

/** `npm run bench` runs every benchmark, `npm run bench -- ingest` one of them. */
const benches: Record<string, () => Promise<void>> = { ingest, adapters, growth, fairness };

const wanted = process.argv.slice(2);
const names = wanted.length === 0 ? Object.keys(benches) : wanted;
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined) {
    console.error(`no benchmark is named ${name}; there are ${Object.keys(benches).join(", ")}`);
    process.exit(2);
  }
  await bench();
}
