import { once } from "node:events";
import type { Writable } from "node:stream";

/** Writes lines in large pieces and waits for a reader that is slower. */
export interface LineWriter {
  /** Null when there is room; else wait for it before the next line. */
  write(line: string): Promise<void> | null;
  /** Hands over what is kept; call it last. */
  flush(): Promise<void>;
}

const pieceLength = 64 * 1_024;

export function createLineWriter(stream: Writable): LineWriter {
  let kept: string[] = [];
  let length = 0;
  const flush = async () => {
    if (kept.length === 0) return;
    const piece = kept.join("");
    kept = [];
    length = 0;
    if (!stream.write(piece)) await once(stream, "drain");
  };
  return {
    write: (line) => {
      kept.push(line, "\n");
      length += line.length + 1;
      return length < pieceLength ? null : flush();
    },
    flush,
  };
}
