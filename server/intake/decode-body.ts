import { isUtf8 } from "node:buffer";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { limits } from "../../shared/alert.ts";
import { ServiceError } from "../errors.ts";

type Unpack = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Unpack = promisify(zlib.gunzip);
const zstd = findZstd();
const codings = new Map<string, Unpack>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
]);
if (zstd !== null) codings.set("zstd", zstd);

/** Node has it from 22.15 on; the types of an older one do not name it. */
function findZstd(): Unpack | null {
  const found: unknown = Reflect.get(zlib, "zstdDecompress");
  return typeof found === "function" ? promisify(found as typeof zlib.gunzip) : null;
}

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
  const unpack = codings.get(coding);
  if (unpack === undefined) {
    throw new ServiceError("unsupported_type", `the content encoding ${coding} is not taken; gzip is`);
  }
  try {
    return await unpack(body, { maxOutputLength: limits.bodyBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new ServiceError("unreadable", `the body is not valid ${coding}`);
  }
}

/** @throws ServiceError unsupported_type, also for a charset other than UTF-8 */
export function bodyType(contentType: string | null, textAllowed: boolean): BodyType {
  const [first = "", ...parameters] = contentType?.toLowerCase().split(";") ?? [];
  for (const parameter of parameters) requireUtf8(parameter);
  const type = first.trim();
  if (type === "application/x-ndjson" || type === "application/ndjson" || type === "application/jsonl") {
    return "ndjson";
  }
  if (type === "" || type === "application/json" || type.endsWith("+json")) return "json";
  // Some senders post JSON as text, as curl does without a header.
  if (type === "text/plain" || type === "application/x-www-form-urlencoded")
    return textAllowed ? "text" : "json";
  throw new ServiceError("unsupported_type", `the content type ${type} is not taken; application/json is`);
}

/** ASCII is UTF-8 too. What came in another one could be read as UTF-8 and say something else. */
function requireUtf8(parameter: string): void {
  const [, charset] = /^\s*charset\s*=\s*"?([^"\s]*)/.exec(parameter) ?? [];
  if (charset === undefined || /^(?:utf-?8|(?:us-)?ascii|)$/.test(charset)) return;
  throw new ServiceError("unsupported_type", `the charset ${charset.slice(0, 40)} is not taken; utf-8 is`);
}

/** @throws ServiceError unreadable when the bytes are not UTF-8 */
export function bodyText(body: Buffer): string {
  if (!isUtf8(body)) throw new ServiceError("unreadable", sayNotUtf8(body));
  const text = body.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function sayNotUtf8(body: Buffer): string {
  const [first, second] = body;
  if (first === 0x1f && second === 0x8b) {
    return "the body is packed with gzip: pack it once, and say so with Content-Encoding: gzip";
  }
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return "the body is UTF-16; UTF-8 is taken (byte 0)";
  }
  // What could not be read became another character.
  const read = Buffer.from(body.toString("utf8"));
  let at = 0;
  while (at < body.length && body[at] === read[at]) at += 1;
  return `the body is not valid UTF-8 from byte ${at} on`;
}
