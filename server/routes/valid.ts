import { validator } from "hono/validator";
import * as v from "valibot";
import { parse } from "../parse.ts";

/**
 * Parses one part of a request by a schema. A failure is thrown, so that `app.onError` answers it and it stays
 * out of the response types that clients see.
 */
export function valid<Target extends "json" | "query" | "param", Schema extends v.GenericSchema>(
  target: Target,
  schema: Schema,
) {
  return validator(target, (value: unknown) => parse(schema, value));
}

/** `{id}` in a path. */
export const IdParam = v.object({ id: v.pipe(v.string(), v.uuid()) });
