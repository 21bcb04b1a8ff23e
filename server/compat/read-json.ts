import type { Context } from "hono";
import { ServiceError } from "../errors.ts";
import { bodyText, unpackBody } from "../intake/decode-body.ts";
import { parseJson } from "../intake/parse-json.ts";
import type { AppEnv } from "../routes/app-env.ts";

/**
 * The one JSON object of a request, whatever its content type says; an empty body is an empty object.
 * @throws ServiceError unreadable, too_large, unsupported_type
 */
export async function readJsonObject(c: Context<AppEnv>): Promise<Record<string, unknown>> {
  const packed = Buffer.from(await c.req.arrayBuffer());
  const text = bodyText(await unpackBody(packed, c.req.header("Content-Encoding") ?? null));
  if (text.trim() === "") return {};
  const parsed = parseJson(text);
  if (isObject(parsed)) return parsed;
  throw new ServiceError("unreadable", "the body is not one JSON object");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
