import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { limits } from "../../shared/alert.ts";
import { ServiceError } from "../errors.ts";

const unzip = promisify(gunzip);

/** How the records of a body are told apart. */
export type BodyType = "json" | "ndjson" | "text";

const tooLarge = () =>
  new ServiceError("too_large", `a body may have at most ${limits.bodyBytes} bytes unpacked`);

/**
 * The body as it was before its content coding.
 * @throws ServiceError too_large, unsupported_type, unreadable
 */
export async function unpackBody(body: Buffer, contentEncoding: string | null): Promise<Buffer> {
  const coding = contentEncoding?.trim().toLowerCase() ?? "identity";
  if (coding === "identity" || coding === "") {
    if (body.length > limits.bodyBytes) throw tooLarge();
    return body;
  }
  if (coding !== "gzip" && coding !== "x-gzip") {
    throw new ServiceError("unsupported_type", `the content encoding ${coding} is not taken; gzip is`);
  }
  try {
    return await unzip(body, { maxOutputLength: limits.bodyBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new ServiceError("unreadable", "the body is not valid gzip");
  }
}

/** @throws ServiceError unsupported_type */
export function bodyType(contentType: string | null, textAllowed: boolean): BodyType {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "application/x-ndjson" || type === "application/ndjson" || type === "application/jsonl") {
    return "ndjson";
  }
  if (type === "" || type === "application/json" || type.endsWith("+json")) return "json";
  // Some senders post JSON as text, as curl does without a header.
  if (type === "text/plain" || type === "application/x-www-form-urlencoded")
    return textAllowed ? "text" : "json";
  throw new ServiceError("unsupported_type", `the content type ${type} is not taken; application/json is`);
}

/** @throws ServiceError unreadable when the bytes are not UTF-8 */
export function bodyText(body: Buffer): string {
  if (!isUtf8(body)) throw new ServiceError("unreadable", "the body is not valid UTF-8");
  const text = body.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
