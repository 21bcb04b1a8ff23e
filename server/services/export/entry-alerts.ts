import type { Alert } from "../../../shared/alert.ts";
import { lineSpans } from "../../adapters/line-spans.ts";
import { arraySpans } from "../../intake/array-spans.ts";
import type { PlacedEntry } from "../../intake/chunk.ts";
import { bodyText } from "../../intake/decode-body.ts";
import { cutOf, type EntryHeader, formatOf, readEntry } from "../../intake/entry.ts";

/** An alert of the log with the exact text it came in. */
export interface EntryAlert {
  /** In the chunk. */
  place: number;
  alert: Alert;
  original: string;
  format: string;
}

/** The alerts of an entry in one pass; each record is read by itself, as it was among the others. */
export function* entryAlerts({ header, body, base }: PlacedEntry): Generator<EntryAlert> {
  let place = base;
  for (const { original, alone } of recordsIn(header, body)) {
    const readings = readEntry({ header, body: Buffer.from(alone) });
    for (const { alert } of readings) {
      if (alert !== undefined) yield { place, alert, original, format: nameOf(header, original) };
      place += 1;
    }
  }
}

/** `alone` is a body that holds only this record: an element that is an array itself needs one around it. */
function* recordsIn(header: EntryHeader, body: Buffer): Generator<{ original: string; alone: string }> {
  const text = bodyText(body);
  if (header.type === "json") {
    if (!text.trimStart().startsWith("[")) return yield { original: body.toString("utf8"), alone: text };
    for (const [from, to] of arraySpans(text)) {
      const original = text.slice(from, to);
      yield { original, alone: `[${original}]` };
    }
    return;
  }
  const cut = header.type === "text" ? cutOf(header) : undefined;
  for (const [from, to] of cut?.(text) ?? lineSpans(text)) {
    const original = text.slice(from, to);
    yield { original, alone: original };
  }
}

function nameOf(header: EntryHeader, original: string): string {
  return formatOf(header, header.format === "auto" ? JSON.parse(original) : original);
}
