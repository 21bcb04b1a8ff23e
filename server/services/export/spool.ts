import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";

/** Text that waits on the disk for whoever reads it at their own pace. */
export interface Spool {
  write(text: string): Promise<void>;
  /** What was written; after it, or when the reader stops, the file is gone. */
  read(): AsyncGenerator<Buffer>;
  drop(): Promise<void>;
}

/** The file is in a folder that only this user may enter. */
export async function createSpool(): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), "quietwatch-export-"));
  const file = join(folder, "rows");
  const out = createWriteStream(file, { mode: 0o600 });
  const drop = async () => {
    out.destroy();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    write: async (text) => {
      if (!out.write(text)) await once(out, "drain");
    },
    read: async function* () {
      try {
        out.end();
        await finished(out);
        yield* createReadStream(file);
      } finally {
        await drop();
      }
    },
    drop,
  };
}
