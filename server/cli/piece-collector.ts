import { isUtf8 } from "node:buffer";

/** One line or array element of an input; `text` is null where it cannot be one, and `why` says it. */
export type Piece = { line: number; text: string; why?: never } | { line: number; text: null; why: string };

/** Puts a piece together from parts of the input; one longer than `most` bytes is passed over, not kept. */
export interface PieceCollector {
  add(part: Buffer): void;
  take(line: number): Piece;
  readonly isEmpty: boolean;
}

export function createPieceCollector(most: number): PieceCollector {
  let parts: Buffer[] = [];
  let length = 0;
  return {
    add: (part) => {
      length += part.length;
      if (length <= most) parts.push(part);
      else parts = [];
    },
    take: (line) => {
      const why = `longer than ${most.toLocaleString("en")} bytes`;
      const piece: Piece = length > most ? { line, text: null, why } : toPiece(line, parts);
      parts = [];
      length = 0;
      return piece;
    },
    get isEmpty() {
      return length === 0;
    },
  };
}

function toPiece(line: number, parts: Buffer[]): Piece {
  const [only] = parts;
  const bytes = parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  if (!isUtf8(bytes)) return { line, text: null, why: "not valid UTF-8" };
  const text = bytes.toString("utf8");
  const start = line === 0 && text.startsWith("\uFEFF") ? 1 : 0;
  return { line, text: text.slice(start, text.endsWith("\r") ? -1 : undefined) };
}
