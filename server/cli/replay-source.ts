import { type Format, formats } from "../../shared/alert.ts";
import type { Reading } from "../adapters/adapter.ts";
import { isAitCsvHeader, readAitCsvLine } from "../adapters/ait-csv.ts";
import { adapterFor } from "../adapters/registry.ts";
import { cutLines } from "./cut-lines.ts";
import { cutRecords } from "./cut-records.ts";
import type { Piece } from "./piece-collector.ts";
import { CliError } from "./verb.ts";

export const replayFormats = ["ait-csv", ...formats] as const;
export type ReplayFormat = (typeof replayFormats)[number];

/** What stands in one data line of the input, numbered from 0. */
export interface ReplayLine {
  line: number;
  readings: Reading[];
}

const longestCsvLine = 64 * 1_024;

export function replayLines(format: ReplayFormat, input: AsyncGenerator<Buffer>): AsyncGenerator<ReplayLine> {
  return format === "ait-csv" ? csvLines(input) : recordLines(format, input);
}

async function* csvLines(input: AsyncGenerator<Buffer>): AsyncGenerator<ReplayLine> {
  const pieces = cutLines(input, longestCsvLine);
  const header = await pieces.next();
  if (header.done === true || !isAitCsvHeader(header.value.text ?? "")) {
    throw new CliError("the file does not begin with the header time,name,ip,host,short");
  }
  for await (const piece of pieces) {
    if (piece.text === "") continue;
    const readings = readPiece(piece, (text) => [readAitCsvLine(text)]);
    yield { line: piece.line - 1, readings };
  }
}

async function* recordLines(format: Format, input: AsyncGenerator<Buffer>): AsyncGenerator<ReplayLine> {
  const adapter = adapterFor(format);
  const { kind, pieces } = await cutRecords(format, input);
  const read = (text: string) => adapter.read(kind === "text" ? text : JSON.parse(text));
  for await (const piece of pieces) {
    yield { line: piece.line, readings: readPiece(piece, read) };
  }
}

function readPiece({ text, why }: Piece, read: (text: string) => Reading[]): Reading[] {
  if (text === null) return [unreadable(why)];
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [unreadable("not valid JSON")];
    throw error;
  }
}

function unreadable(message: string): Reading {
  return { reject: { code: "unreadable", message } };
}
