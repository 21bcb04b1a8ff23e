import { limits } from "../../shared/alert.ts";
import type { Reject } from "../adapters/adapter.ts";
import { lineSpans } from "../adapters/line-spans.ts";
import { textIsClean } from "../adapters/well-formed.ts";
import { ServiceError } from "../errors.ts";
import { arraySpans } from "./array-spans.ts";
import { type BodyType, bodyText } from "./decode-body.ts";
import { parseJson, sayFault } from "./parse-json.ts";

/** One array element, line or object of a body; a line that cannot be read rejects itself alone. */
export type BodyRecord = { value: unknown; reject?: never } | { reject: Reject; value?: never };

export interface BodyRecords {
  records: BodyRecord[];
  /** No text in the records can hold a NUL or half a surrogate pair. */
  textIsClean: boolean;
}

/** Where the records of a text stand, `[from, to)`; a log format has its own way (see adapter.ts). */
export type Cut = (text: string) => [number, number][];

const byLine: Cut = (text) => [...lineSpans(text)];

/**
 * `cut` is for plain text.
 * @throws ServiceError unreadable, too_many_alerts
 */
export function recordsOf(type: BodyType, body: Buffer, cut: Cut = byLine): BodyRecords {
  const text = bodyText(body);
  if (type === "json") return { records: jsonRecords(text), textIsClean: textIsClean(text) };
  if (type === "text") return { records: textRecords(text, cut), textIsClean: false };
  const lines = linesOf(text);
  requireFewAlerts(lines.length);
  return { records: lines.map(parseLine), textIsClean: textIsClean(text) };
}

/** The exact bytes of record `index`, as they were sent. */
export function recordBytes(type: BodyType, body: Buffer, index: number, cut: Cut = byLine): Buffer {
  const text = bodyText(body);
  if (type === "json") {
    const span = text.trimStart().startsWith("[") ? arraySpans(text)[index] : undefined;
    return span === undefined ? body : Buffer.from(text.slice(...span));
  }
  const span = (type === "text" ? cut : byLine)(text)[index];
  return Buffer.from(span === undefined ? "" : text.slice(...span));
}

function textRecords(text: string, cut: Cut): BodyRecord[] {
  const spans = cut(text);
  requireFewAlerts(spans.length);
  return spans.map(([from, to]) => ({ value: text.slice(from, to) }));
}

function jsonRecords(text: string): BodyRecord[] {
  const parsed = parseJson(text);
  const values = Array.isArray(parsed) ? parsed : [parsed];
  requireFewAlerts(values.length);
  return values.map((value) => ({ value }));
}

function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const content = line.endsWith("\r") ? line.slice(0, -1) : line;
    return content.trim() === "" ? [] : [content];
  });
}

function parseLine(line: string): BodyRecord {
  try {
    return { value: JSON.parse(line) };
  } catch (error) {
    const where = sayFault(line, error).replace("line 1, ", "");
    return { reject: { code: "unreadable", message: `the line is not valid JSON: ${where}` } };
  }
}

/** @throws ServiceError too_many_alerts */
export function requireFewAlerts(count: number): void {
  if (count <= limits.alertsPerRequest) return;
  throw new ServiceError(
    "too_many_alerts",
    `a request may hold at most ${limits.alertsPerRequest} alerts; this one holds ${count}`,
  );
}
