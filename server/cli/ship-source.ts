import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { CliError } from "./verb.ts";

/** A file held open, so that it can be read on after it was renamed or removed. */
export interface Source {
  path: string;
  /** Device and inode. */
  id: string;
  size(): Promise<number>;
  modifiedMs(): Promise<number>;
  /** Fewer bytes than asked for at the end of the file. */
  read(from: number, length: number): Promise<Buffer>;
  /** A hash of the first bytes and of those right before `offset`; null at 0 and where the file is shorter. */
  markBefore(offset: number): Promise<string | null>;
  close(): Promise<void>;
}

const markBytes = 1_024;

/** Null when there is no such file. A compressed one is unpacked beside `scratch`. @throws CliError */
export async function openSource(path: string, scratch: string): Promise<Source | null> {
  try {
    const handle = await open(path, "r");
    if (!path.endsWith(".gz")) return await sourceOf(path, handle);
    const unpacked = await unpack(path, `${scratch}.unpacked`);
    const { id, modifiedMs, close } = await sourceOf(path, handle);
    const content = await sourceOf(path, unpacked);
    return {
      ...content,
      id,
      modifiedMs,
      close: async () => void (await Promise.all([close(), content.close()])),
    };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT") return null;
    throw new CliError(`${path} cannot be read: ${code === "EACCES" ? "it may not be read" : String(error)}`);
  }
}

/** Into a file without a name, which goes away with its handle. */
async function unpack(path: string, scratch: string): Promise<FileHandle> {
  const handle = await open(scratch, "w+", 0o600);
  await rm(scratch);
  for await (const bytes of pipeline(createReadStream(path), createGunzip(), () => undefined)) {
    await handle.write(bytes);
  }
  return handle;
}

async function sourceOf(path: string, handle: FileHandle): Promise<Source> {
  const { dev, ino } = await handle.stat({ bigint: true });
  const read = (from: number, length: number) => readFully(handle, from, length);
  return {
    path,
    id: `${dev}:${ino}`,
    size: async () => (await handle.stat()).size,
    modifiedMs: async () => Number((await handle.stat({ bigint: true })).mtimeNs) / 1e6,
    read,
    markBefore: async (offset) => {
      if (offset === 0 || (await handle.stat()).size < offset) return null;
      const length = Math.min(markBytes, offset);
      const [first, last] = [await read(0, length), await read(offset - length, length)];
      return createHash("sha256").update(first).update(last).digest("base64url");
    },
    close: () => handle.close(),
  };
}

async function readFully(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
