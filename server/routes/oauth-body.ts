import type { HonoRequest } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import type * as v from "valibot";
import { ServiceError } from "../errors.ts";
import { parse } from "../parse.ts";
import type { AppEnv } from "./app-env.ts";

/** For routes that anybody may call. */
export const smallBody = bodyLimit({
  maxSize: 16 * 1_024,
  onError: () => {
    throw new ServiceError("too_large", "at most 16 KiB");
  },
});

/** The parameters of an OAuth call, as the form that RFC 6749 asks for or as JSON. */
export function oauthBody<Schema extends v.GenericSchema>(schema: Schema) {
  type Input = { in: { json: v.InferInput<Schema> }; out: { json: v.InferOutput<Schema> } };
  return createMiddleware<AppEnv, string, Input>(async (c, next) => {
    const body = parse(schema, await readParameters(c.req));
    c.req.addValidatedData("json", asRecord(body));
    await next();
  });
}

async function readParameters(request: HonoRequest): Promise<unknown> {
  const type = request.header("Content-Type")?.split(";")[0]?.trim().toLowerCase();
  const text = await request.text();
  if (type === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(text));
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError("unreadable", "the body is neither JSON nor a form");
  }
}

/** Every schema here describes an object; a generic one cannot say so. */
function asRecord(value: unknown): Record<string, unknown> {
  return value as Record<string, unknown>;
}
