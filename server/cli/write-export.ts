import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { CliError } from "./verb.ts";

type Pieces = AsyncIterable<string | Uint8Array>;

/**
 * Writes an export to a file that appears only when it is whole, packed where its name ends in .gz; to standard
 * output for `-`. Only this user may read it.
 * @throws CliError when the last line is missing
 */
export async function writeExport(file: string, pieces: Pieces): Promise<void> {
  if (file === "-") return pipeline(whole(pieces), process.stdout, { end: false });
  const partial = `${file}.partial`;
  try {
    const out = createWriteStream(partial, { mode: 0o600, flush: true });
    if (file.endsWith(".gz")) await pipeline(whole(pieces), createGzip(), out);
    else await pipeline(whole(pieces), out);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof CliError || !(error instanceof Error)) throw error;
    throw new CliError(`${file} was not written: ${error.message}`);
  }
}

const endLength = 64 * 1_024;

/** A stream that broke off may look like one that ended; only the last line tells. */
async function* whole(pieces: Pieces): AsyncGenerator<Uint8Array> {
  let end = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    end = Buffer.concat([end, bytes.subarray(-endLength)]).subarray(-endLength);
    yield bytes;
  }
  const lastLine = end.toString("utf8").trimEnd().split("\n").at(-1) ?? "";
  if (!lastLine.startsWith('{"end":true,')) throw new CliError("the export broke off before its end");
}
