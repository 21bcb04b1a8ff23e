import type { Reading } from "./adapter.ts";
import { invalid } from "./fit-alert.ts";
import { isRecord, type JsonRecord } from "./text-field.ts";
import { findOddity, sayOddity } from "./well-formed.ts";

/** What an envelope held, or the reject that says what is wrong with it. */
export type Opened = { inner: JsonRecord; rejected?: never } | { rejected: Reading; inner?: never };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is told to the sender like any other text that holds no object.
    return undefined;
  }
}

/**
 * The object that an envelope carries as JSON in one of its texts. Its depth is looked at here, because the outer
 * body shows a single string. `place` is the text's path, for the reject.
 */
export function carriedObject(text: string, place: string): Opened {
  const inner = parsed(text);
  if (!isRecord(inner)) return { rejected: invalid(`${place}: does not hold a JSON object`) };
  const deep = findOddity(inner, true);
  if (deep) return { rejected: { reject: { code: deep.code, message: `${place}: ${sayOddity(deep)}` } } };
  return { inner };
}
