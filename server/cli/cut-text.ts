import type { Adapter } from "../adapters/adapter.ts";
import { createPieceCollector, type Piece } from "./piece-collector.ts";

const feed = 0x0a;
const mark = Buffer.from("\uFEFF");

/**
 * The records of a log format in a plain text, numbered by the line they begin on. Only what may still go on is
 * held: the last record of what has come so far.
 */
export async function* cutText(
  input: AsyncIterable<Buffer>,
  textRecords: NonNullable<Adapter["textRecords"]>,
  most: number,
): AsyncGenerator<Piece> {
  let held = Buffer.alloc(0);
  let line = 0;
  /** The records that begin in the first `length` bytes, the last of them only when it is whole. */
  function* cut(length: number, isEnd: boolean): Generator<Piece> {
    // A character for a byte, so that places in the text are places in the bytes.
    const text = held.toString("latin1", 0, length);
    const spans = textRecords(text);
    const next = isEnd ? undefined : spans.pop();
    let at = 0;
    for (const [from, to] of spans) {
      line += feedsIn(held.subarray(at, from));
      yield pieceOf(held.subarray(from, to), line, most);
      at = from;
    }
    const rest = next?.[0] ?? length;
    line += feedsIn(held.subarray(at, rest));
    held = held.subarray(rest);
  }
  let isFirst = true;
  for await (const bytes of input) {
    held = Buffer.concat([held, isFirst ? withoutMark(bytes) : bytes]);
    isFirst = false;
    const end = held.lastIndexOf(feed) + 1;
    if (end > 0) yield* cut(end, false);
    if (held.length > most) {
      yield pieceOf(held, line, most);
      line += feedsIn(held);
      held = Buffer.alloc(0);
    }
  }
  yield* cut(held.length, true);
}

function feedsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(feed); at !== -1; at = bytes.indexOf(feed, at + 1)) count += 1;
  return count;
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, mark.length).equals(mark) ? bytes.subarray(mark.length) : bytes;
}

function pieceOf(bytes: Buffer, line: number, most: number): Piece {
  const collector = createPieceCollector(most);
  collector.add(bytes);
  return collector.take(line);
}
