import { systemClock } from "../clock.ts";
import type { Store } from "../db/client.ts";
import { readEnv } from "../env.ts";
import { ensurePartitions } from "../jobs/ensure-partitions.ts";
import { takeTriageLock } from "../jobs/triage-lock.ts";
import { importAll } from "../services/export/import-all.ts";
import { isServed } from "./ask-control-socket.ts";
import { cutLines } from "./cut-lines.ts";
import { withOwnStore } from "./own-store.ts";
import { onlyOne, readFlags } from "./read-flags.ts";
import { readInput } from "./read-input.ts";
import { CliError, type Verb } from "./verb.ts";

/** A chunk of the log with 10 MiB that do not compress, in base64, and room to spare. */
const longestLine = 64 * 1_024 * 1_024;

export const importVerb: Verb = {
  usage: "import FILE[.gz]|-",
  help: `Fills an empty store with an export. Works on the store itself (QUIETWATCH_DATA_DIR or QUIETWATCH_DATABASE_URL)
while no server runs on it. An export that is damaged or not whole leaves the store empty.`,
  run: async (args) => {
    const file = onlyOne(readFlags(args, {}).positionals, "FILE");
    const env = readEnv();
    if (env.databaseUrl === null && (await isServed(env.dataDir))) {
      throw new CliError(`a server runs on ${env.dataDir}; stop it first, import writes to the store itself`);
    }
    const counts = await withOwnStore(env, (store) => importFile(store, file));
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `imported ${rows.toLocaleString("en")} rows, ${counts.item?.toLocaleString("en")} items\n`,
    );
    return 0;
  },
};

async function importFile(store: Store, file: string) {
  const lock = await takeTriageLock(store);
  if (lock === null)
    throw new CliError("a server runs on this database; stop it first, import writes to the store itself");
  try {
    await ensurePartitions({ store, clock: systemClock });
    return await importAll(store, linesOf(file));
  } finally {
    await lock.release();
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  for await (const { line, text, why } of cutLines(readInput(file), longestLine)) {
    if (text === null) throw new CliError(`line ${line + 1} of ${file} is ${why}`);
    yield text;
  }
}
