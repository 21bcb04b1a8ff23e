import { limits } from "../../shared/alert.ts";
import { cutArray } from "./cut-array.ts";
import { cutLines } from "./cut-lines.ts";
import type { Piece } from "./piece-collector.ts";

/** Records of a JSON file as they are written; `isArray` tells how they stood there. */
export interface JsonPieces {
  isArray: boolean;
  pieces: AsyncGenerator<Piece>;
}

/**
 * Cuts NDJSON, an array, or one object that spans lines, told apart by the beginning. Blank lines are left out
 * and still count.
 */
export async function cutJson(input: AsyncGenerator<Buffer>): Promise<JsonPieces> {
  const { start, rest } = await beginning(input);
  const isArray = /^\uFEFF?\s*\[/.test(start.toString("utf8"));
  if (isArray) return { isArray, pieces: cutArray(rest, limits.bodyBytes) };
  return { isArray, pieces: oneOrLines(cutLines(rest, limits.bodyBytes)) };
}

/** Reads on until something other than white space has come. */
export async function beginning(input: AsyncGenerator<Buffer>) {
  const parts: Buffer[] = [];
  for (let next = await input.next(); next.done !== true; next = await input.next()) {
    parts.push(next.value);
    if (/[^\s\uFEFF\uFFFD]/.test(next.value.toString("utf8"))) break;
  }
  const start = Buffer.concat(parts);
  return { start, rest: chained(start, input) };
}

async function* chained(start: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  yield* rest;
}

/** A first line that is only the beginning of an object may be one written over several lines. */
async function* oneOrLines(lines: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  const records = withoutBlank(lines);
  const { held, text } = await heldBack(records);
  const [first] = held;
  if (first !== undefined && held.length > 1 && isJson(text)) return yield { line: first.line, text };
  yield* held;
  yield* records;
}

/** The first record alone where it is whole, else as many as one object may take. */
async function heldBack(records: AsyncGenerator<Piece>): Promise<{ held: Piece[]; text: string }> {
  const held: Piece[] = [];
  let text = "";
  for (let next = await records.next(); next.done !== true; next = await records.next()) {
    held.push(next.value);
    // Never part of JSON, so that what cannot be read makes none.
    text += `${next.value.text ?? "\0"}\n`;
    if (text.length > limits.bodyBytes) break;
    if (held.length === 1 && (!text.startsWith("{") || isJson(text))) break;
  }
  return { held, text };
}

async function* withoutBlank(lines: AsyncGenerator<Piece>): AsyncGenerator<Piece> {
  for await (const piece of lines) if (piece.text?.trim() !== "") yield piece;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
