import { ServiceError } from "../errors.ts";
import { jsonFault } from "./json-fault.ts";

/**
 * Of a name that stands twice in one object the last value counts, as with every parser that is built in.
 * @throws ServiceError unreadable, with line and column of what is wrong
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceError("unreadable", `the body is not valid JSON: ${sayFault(text, error)}`);
  }
}

/** `line 3, column 14: "}" is not expected there`; lines and columns count from 1, columns in UTF-16 units. */
export function sayFault(text: string, error: unknown): string {
  const at = jsonFault(text);
  // Both read the same grammar; should they ever differ, the parser's own words are better than none.
  if (at === null) return error instanceof Error ? error.message.slice(0, 200) : "";
  const before = text.slice(0, at);
  const place = `line ${before.split("\n").length}, column ${at - before.lastIndexOf("\n")}`;
  const code = text.codePointAt(at);
  if (code === undefined) return `${place}: it ends too early`;
  if (code === 0 && at < 2) return `${place}: it looks like UTF-16; UTF-8 is taken`;
  const character = code > 0x20 && code < 0x7f ? `"${text.charAt(at)}"` : `U+${hex(code)}`;
  return `${place}: ${character} is not expected there`;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, "0");
}
