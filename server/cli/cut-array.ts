import { createPieceCollector, type Piece, type PieceCollector } from "./piece-collector.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const opens = (code: number) => code === 0x5b || code === 0x7b;
const closes = (code: number) => code === 0x5d || code === 0x7d;

/**
 * The elements of a JSON array as they are written, numbered from 0, without reading the whole of it first.
 * Arrays that follow each other count as one. What is not JSON comes out as elements that do not parse.
 */
export async function* cutArray(input: AsyncIterable<Buffer>, most: number): AsyncGenerator<Piece> {
  const collector = createPieceCollector(most);
  const scan = createScanner();
  let line = 0;
  for await (const bytes of input) {
    for (const _end of endsIn(bytes, scan, collector)) {
      const piece = collector.take(line);
      if (piece.text?.trim() === "") continue;
      line += 1;
      yield piece;
    }
  }
  if (!collector.isEmpty) yield { line, text: null, why: "the array ends in the middle" };
}

/** Collects what belongs to elements and yields wherever one is complete. */
function* endsIn(bytes: Buffer, scan: Scanner, collector: PieceCollector): Generator<number> {
  let from = scan.isInside() ? 0 : -1;
  for (const [i, code] of bytes.entries()) {
    const mark = scan.step(code);
    if (mark === null) continue;
    if (mark !== "begin") {
      collector.add(bytes.subarray(from, i));
      yield i;
    }
    from = mark === "end" ? -1 : i + 1;
  }
  if (from !== -1) collector.add(bytes.subarray(from));
}

interface Scanner {
  isInside(): boolean;
  step(code: number): "begin" | "next" | "end" | null;
}

/** Follows brackets and strings byte by byte and says where an element of the outermost array begins or ends. */
function createScanner(): Scanner {
  let depth = 0;
  const inString = createStringScanner();
  function bracket(code: number): "begin" | "end" | null {
    if (opens(code)) {
      depth += 1;
      return depth === 1 ? "begin" : null;
    }
    if (depth === 0) return null;
    depth -= 1;
    return depth === 0 ? "end" : null;
  }
  return {
    isInside: () => depth > 0,
    step: (code) => {
      if (inString(code)) return null;
      if (code === comma) return depth === 1 ? "next" : null;
      if (!opens(code) && !closes(code)) return null;
      return bracket(code);
    },
  };
}

/** Tells whether a byte belongs to a string, its quotes included. */
function createStringScanner(): (code: number) => boolean {
  let isOpen = false;
  let isEscaped = false;
  return (code) => {
    if (!isOpen) {
      isOpen = code === quote;
      return isOpen;
    }
    if (isEscaped) isEscaped = false;
    else if (code === backslash) isEscaped = true;
    else isOpen = code !== quote;
    return true;
  };
}
