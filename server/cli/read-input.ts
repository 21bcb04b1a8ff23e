import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { CliError } from "./verb.ts";

/** The bytes of a file, or of standard input for `-`; what begins as gzip is unpacked on the way. */
export async function* readInput(name: string): AsyncGenerator<Buffer> {
  try {
    yield* unpacked(name === "-" ? process.stdin : createReadStream(name));
  } catch (error) {
    throw new CliError(`${name === "-" ? "standard input" : name} cannot be read: ${whyNot(error)}`);
  }
}

async function* unpacked(source: Readable): AsyncGenerator<Buffer> {
  const pieces: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const start = await firstBytes(pieces);
  const whole = Readable.from(joined(start, pieces));
  const isGzip = start.length >= 2 && start.readUInt16BE(0) === 0x1f8b;
  // A failure reaches the reader through the stream itself.
  yield* isGzip ? pipeline(whole, createGunzip(), () => undefined) : whole;
}

/** At least two bytes, unless there are no more: a pipe may hand them over one at a time. */
async function firstBytes(pieces: AsyncIterator<Buffer>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 2) {
    const { value, done } = await pieces.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  return start;
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
  Z_BUF_ERROR: "its gzip ends too early",
  Z_DATA_ERROR: "its gzip is damaged",
};

function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return reasons[code] ?? error.message;
}
