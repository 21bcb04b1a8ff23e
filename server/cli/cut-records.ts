import { type Format, limits } from "../../shared/alert.ts";
import { adapterFor } from "../adapters/registry.ts";
import { beginning, cutJson } from "./cut-json.ts";
import { cutText } from "./cut-text.ts";
import type { Piece } from "./piece-collector.ts";

/** Records of an input as they are written, and how they stood there. */
export interface Records {
  kind: "array" | "lines" | "text";
  pieces: AsyncGenerator<Piece>;
}

/** Cuts an input as the server would: as text for a log format, unless it begins as JSON does. */
export async function cutRecords(format: Format | null, input: AsyncGenerator<Buffer>): Promise<Records> {
  const textRecords = format === null ? undefined : adapterFor(format).textRecords;
  if (textRecords === undefined) return jsonRecords(input);
  const { start, rest } = await beginning(input);
  if (/^\uFEFF?\s*[[{]/.test(start.toString("utf8"))) return jsonRecords(rest);
  return { kind: "text", pieces: cutText(rest, textRecords, limits.bodyBytes) };
}

async function jsonRecords(input: AsyncGenerator<Buffer>): Promise<Records> {
  const { isArray, pieces } = await cutJson(input);
  return { kind: isArray ? "array" : "lines", pieces };
}
