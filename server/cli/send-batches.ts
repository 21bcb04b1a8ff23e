import type { Format } from "../../shared/alert.ts";
import { cutRecords, type Records } from "./cut-records.ts";

/** Records that travel in one request, and where they stood. */
export interface Batch {
  body: string;
  contentType: string;
  /** By position in the body: line or element of the input, from 0. */
  lines: number[];
}

/** Something that cannot be sent at all. */
export interface Unsendable {
  line: number;
  why: string;
}

const mostRecords = 1_000;
const mostBytes = 5 * 1_024 * 1_024;

/**
 * Cuts an input into requests. Each record stays as it is written: lines go as lines, elements of an array as
 * elements of a smaller one, stretches of a log (of `format`, null when the server finds it out) as text.
 */
export async function* sendBatches(
  input: AsyncGenerator<Buffer>,
  format: Format | null,
): AsyncGenerator<Batch | Unsendable> {
  const { kind, pieces } = await cutRecords(format, input);
  let texts: string[] = [];
  let lines: number[] = [];
  let bytes = 0;
  const take = (): Batch => {
    const batch = { ...bodyOf(texts, kind), lines };
    texts = [];
    lines = [];
    bytes = 0;
    return batch;
  };
  for await (const { line, text, why } of pieces) {
    if (text === null) {
      yield { line, why };
      continue;
    }
    if (kind !== "text" && !isJson(text)) {
      yield { line, why: "not valid JSON" };
      continue;
    }
    const size = Buffer.byteLength(text);
    if (lines.length === mostRecords || (lines.length > 0 && bytes + size > mostBytes)) yield take();
    texts.push(text);
    lines.push(line);
    bytes += size;
  }
  if (lines.length > 0) yield take();
}

function bodyOf(texts: string[], kind: Records["kind"]): { body: string; contentType: string } {
  if (kind === "text") return { body: texts.join("\n"), contentType: "text/plain; charset=utf-8" };
  if (kind === "array") return { body: `[${texts.join(",")}]`, contentType: "application/json" };
  const [only] = texts;
  // One object may be written over several lines.
  if (texts.length === 1 && only !== undefined) return { body: only, contentType: "application/json" };
  return { body: texts.join("\n"), contentType: "application/x-ndjson" };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
