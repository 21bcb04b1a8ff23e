import { limits } from "../../shared/alert.ts";
import type { Reject } from "../adapters/adapter.ts";
import { textIsClean } from "../adapters/well-formed.ts";
import { ServiceError } from "../errors.ts";
import { arraySpans } from "./array-spans.ts";
import { type BodyType, bodyText } from "./decode-body.ts";

/** One array element, line or object of a body; a line that cannot be read rejects itself alone. */
export type BodyRecord = { value: unknown; reject?: never } | { reject: Reject; value?: never };

export interface BodyRecords {
  records: BodyRecord[];
  /** No text in the records can hold a NUL or half a surrogate pair. */
  textIsClean: boolean;
}

/** @throws ServiceError unreadable, too_many_alerts */
export function recordsOf(type: BodyType, body: Buffer): BodyRecords {
  const text = bodyText(body);
  if (type === "json") return { records: jsonRecords(text), textIsClean: textIsClean(text) };
  const lines = linesOf(text);
  requireFewAlerts(lines.length);
  if (type === "text") return { records: lines.map((line) => ({ value: line })), textIsClean: false };
  return { records: lines.map(parseLine), textIsClean: textIsClean(text) };
}

/** The exact bytes of record `index`, as they were sent. */
export function recordBytes(type: BodyType, body: Buffer, index: number): Buffer {
  const text = bodyText(body);
  if (type === "json") {
    const span = text.trimStart().startsWith("[") ? arraySpans(text)[index] : undefined;
    return span === undefined ? body : Buffer.from(text.slice(...span));
  }
  return Buffer.from(linesOf(text)[index] ?? "");
}

function jsonRecords(text: string): BodyRecord[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new ServiceError("unreadable", `the body is not valid JSON: ${why.slice(0, 200)}`);
  }
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
  } catch {
    return { reject: { code: "unreadable", message: "the line is not valid JSON" } };
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
