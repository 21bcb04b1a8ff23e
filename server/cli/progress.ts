import type { WriteStream } from "node:tty";

/** Says now and then how far a long piece of work has come, on standard error. */
export interface Progress {
  /** Call it often. */
  tell(say: () => string): void;
  /** Removes the line that is written over. */
  end(): void;
}

export function createProgress(stream: WriteStream): Progress {
  const everyMs = stream.isTTY ? 200 : 2_000;
  let toldAt = performance.now();
  let isShown = false;
  return {
    tell: (say) => {
      const now = performance.now();
      if (now - toldAt < everyMs) return;
      toldAt = now;
      isShown = stream.isTTY;
      stream.write(stream.isTTY ? `\r\x1b[K${say()}` : `${say()}\n`);
    },
    end: () => {
      if (isShown) stream.write("\r\x1b[K");
    },
  };
}
