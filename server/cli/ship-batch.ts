import { isUtf8 } from "node:buffer";
import { limits } from "../../shared/alert.ts";
import type { Adapter } from "../adapters/adapter.ts";

/** A stretch of a file and what of it travels in one request. The same bytes always give the same body. */
export interface ShipBatch {
  from: number;
  to: number;
  body: Buffer;
  contentType: string;
  /** Where in the file each record of the body begins. */
  offsets: number[];
  /** What is not sent, or not as it stands there. */
  remarks: { offset: number; message: string }[];
}

/** Where the records of a text stand; null for a format whose records are lines of JSON. */
export type TextRecords = NonNullable<Adapter["textRecords"]> | null;

export interface CutOptions {
  text: TextRecords;
  /** Lines of JSON without this text are passed over. */
  only: string | null;
  /** Nothing more comes: the last line is whole, and so is the last record. */
  isFinal: boolean;
  /** Nothing more came for a while: the last record is whole where its last line is. */
  isQuiet: boolean;
  mostRecords: number;
}

interface Line {
  offset: number;
  end: number;
  bytes: Buffer;
}

const newline = 0x0a;
const longestLine = limits.bodyBytes - 1;

/** Cuts the first batch out of bytes that stand at `from`; null while no record of them is whole. */
export function cutBatch(bytes: Buffer, from: number, options: CutOptions): ShipBatch | null {
  const { text } = options;
  // A text format's own tool may write JSON as well.
  if (text !== null && !isJson(bytes)) return cutText(bytes, from, text, options);
  const lines = linesOf(bytes, from, options);
  const last = lines.at(-1);
  return last === undefined ? null : { from, to: last.end, ...jsonRequest(lines, options.only) };
}

function isJson(bytes: Buffer): boolean {
  const start = bytes.findIndex((byte) => byte > 0x20);
  return bytes[start] === 0x7b || bytes[start] === 0x5b;
}

function cutText(
  bytes: Buffer,
  from: number,
  textRecords: NonNullable<TextRecords>,
  { isFinal, isQuiet, mostRecords }: CutOptions,
): ShipBatch | null {
  const whole = isFinal ? bytes : bytes.subarray(0, bytes.lastIndexOf(newline) + 1);
  if (whole.length === 0) return null;
  // One character a byte, so that places in the text are places in the file.
  const spans = textRecords(whole.toString("latin1"));
  const isLastWhole = isFinal || (isQuiet && whole.length === bytes.length);
  const ends = [...spans.slice(1).map(([start]) => start), ...(isLastWhole ? [whole.length] : [])];
  const end = ends[Math.min(mostRecords, ends.length) - 1];
  if (end === undefined) return null;
  const remarks: ShipBatch["remarks"] = [];
  const body = toUtf8({ offset: from, end: from + end, bytes: whole.subarray(0, end) }, remarks);
  const offsets = spans.filter(([start]) => start < end).map(([start]) => from + start);
  return { from, to: from + end, body, contentType: "text/plain; charset=utf-8", offsets, remarks };
}

function linesOf(bytes: Buffer, from: number, { isFinal, mostRecords }: CutOptions): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (lines.length < mostRecords && start < bytes.length) {
    const found = bytes.indexOf(newline, start);
    if (found === -1 && !isFinal) break;
    const end = found === -1 ? bytes.length : found + 1;
    lines.push({ offset: from + start, end: from + end, bytes: bytes.subarray(start, end) });
    start = end;
  }
  return lines;
}

function jsonRequest(lines: Line[], only: string | null) {
  const remarks: ShipBatch["remarks"] = [];
  const isWanted = (line: Line) => !isBlank(line) && (only === null || line.bytes.includes(only));
  const sent = lines.filter(isWanted).filter(({ offset, bytes }) => {
    if (bytes.length <= longestLine) return true;
    remarks.push({ offset, message: `the line is longer than ${longestLine} bytes and is left out` });
    return false;
  });
  const body = Buffer.concat(sent.map((line) => toUtf8(line, remarks)));
  return { body, contentType: "application/x-ndjson", offsets: sent.map(({ offset }) => offset), remarks };
}

/** A whole batch would be refused for one byte. */
function toUtf8({ offset, bytes }: Line, remarks: ShipBatch["remarks"]): Buffer {
  const content = withoutZeros(bytes);
  if (isUtf8(content)) return content;
  remarks.push({ offset, message: "there are bytes that are not UTF-8; U+FFFD is sent in their place" });
  return Buffer.from(content.toString("utf8"));
}

/** A program that does not append leaves a hole where its file was cut off under it. */
function withoutZeros(bytes: Buffer): Buffer {
  if (bytes[0] !== 0) return bytes;
  const start = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(start === -1 ? bytes.length : start);
}

const isBlank = ({ bytes }: Line) =>
  bytes.every((byte) => byte === 0 || byte === 0x20 || (byte >= 9 && byte <= 13));
