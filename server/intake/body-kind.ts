import type { Format } from "../../shared/alert.ts";
import { detectFormat } from "../adapters/registry.ts";
import { bodyText, bodyType } from "./decode-body.ts";
import { cutOf, type EntryHeader } from "./entry.ts";

/**
 * Format and type that a body is read as. A text is read as text where its format (found by its content for
 * `auto`) has records of text and it does not begin as JSON does: many senders post JSON as text.
 * @throws ServiceError unsupported_type, unreadable
 */
export function bodyKind(
  contentType: string | null,
  format: Format | "auto",
  body: Buffer,
): Pick<EntryHeader, "format" | "type"> {
  const takesText = format === "auto" || cutOf({ format }) !== undefined;
  const type = bodyType(contentType, takesText);
  if (type !== "text") return { format, type };
  const text = bodyText(body);
  if (/^\s*[[{]/.test(text)) return { format, type: "json" };
  const found = format === "auto" ? detectFormat(text) : format;
  return found === null ? { format, type: "json" } : { format: found, type };
}
